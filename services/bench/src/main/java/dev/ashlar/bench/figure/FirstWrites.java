package dev.ashlar.bench.figure;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLongArray;

import dev.ashlar.bench.load.Client;
import dev.ashlar.bench.load.Observer;
import dev.ashlar.bench.load.Outcome;
import dev.ashlar.bench.load.Payload;
import dev.ashlar.common.key.ShardHash;

/** When, for each shard, the first write that started after a given moment was acknowledged. */
final class FirstWrites implements Observer {
    private final int[] shardOfKey;
    private final AtomicLongArray nanos;
    private volatile long from;
    private volatile boolean watching;

    FirstWrites(Payload payload, int shards) {
        shardOfKey = new int[payload.keyCount()];
        for (int i = 0; i < shardOfKey.length; i++) {
            shardOfKey[i] = ShardHash.shardOf(new String(payload.key(i), StandardCharsets.UTF_8), shards);
        }
        nanos = new AtomicLongArray(shards);
    }

    /** Starts to watch; {@code nanoTime} is the moment that counts. */
    void watchFrom(long nanoTime) {
        from = nanoTime;
        watching = true;
    }

    /** Nanoseconds from that moment to the shard's first acknowledged write, 0 while there is none. */
    long nanosOf(int shard) {
        return nanos.get(shard);
    }

    @Override
    public void finished(Client client, int outcome, long endNanos) {
        if (watching && outcome == Outcome.OK && !client.read && client.startNanos - from > 0) {
            nanos.compareAndSet(shardOfKey[client.key], 0, endNanos - from);
        }
    }
}
