package dev.ashlar.bench.http;

import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.ashlar.bench.load.Outcome;
import dev.ashlar.bench.load.Payload;
import dev.ashlar.client.http.Connection;
import dev.ashlar.client.route.LeaderMap;
import dev.ashlar.common.key.ShardHash;

/**
 * To the leader of the key's shard.
 *
 * <ol>
 *   <li>The shard of every key is computed before the run; leaders come from {@code GET /v1/cluster}, every 2 s and at once
 *       after a failure.
 *   <li>A server whose connection failed is left out for 500 ms; until the map names another leader, the remaining servers
 *       are asked in turn (each forwards).
 * </ol>
 */
final class ToLeader implements Route, AutoCloseable {
    private static final long LEFT_OUT_NANOS = 500_000_000;
    private static final long REFRESH_MS = 2_000;
    private static final long REFRESH_MS_MIN = 50;

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<InetSocketAddress> members;
    private final Connection connection;
    private final short[] shardOfKey;
    private final long[] leftOutUntil;
    private final AtomicInteger turn = new AtomicInteger();
    private final Semaphore wanted = new Semaphore(0);
    private final Thread refresher;
    private volatile int[] leaderOfShard;

    ToLeader(LeaderMap first, Payload payload, String token) {
        this.members = first.stores();
        this.connection = Servers.connection(members, token);
        leaderOfShard = ints(first);
        leftOutUntil = new long[members.size()];
        java.util.Arrays.fill(leftOutUntil, System.nanoTime());
        shardOfKey = new short[payload.keyCount()];
        for (int i = 0; i < shardOfKey.length; i++) {
            String key = new String(payload.key(i), StandardCharsets.UTF_8);
            shardOfKey[i] = (short) ShardHash.shardOf(key, leaderOfShard.length);
        }
        refresher = Thread.ofVirtual().name("leader-map").start(this::refresh);
    }

    private static int[] ints(LeaderMap map) {
        return map.leaderOfShard().stream().mapToInt(Integer::intValue).toArray();
    }

    private void refresh() {
        try {
            while (true) {
                if (wanted.tryAcquire(REFRESH_MS, TimeUnit.MILLISECONDS)) {
                    wanted.drainPermits();
                    // Failures come in crowds while there is no leader: ask at a measured pace.
                    TimeUnit.MILLISECONDS.sleep(REFRESH_MS_MIN);
                }
                LeaderMap.fetch(http, connection, Servers.urls(alive()))
                        .filter(map -> map.stores().equals(members)
                                && map.leaderOfShard().size() == leaderOfShard.length)
                        .ifPresent(map -> leaderOfShard = ints(map));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<InetSocketAddress> alive() {
        long now = System.nanoTime();
        List<InetSocketAddress> alive = java.util.stream.IntStream.range(0, members.size())
                .filter(i -> leftOutUntil[i] - now <= 0)
                .mapToObj(members::get)
                .toList();
        return alive.isEmpty() ? members : alive;
    }

    @Override
    public int memberFor(int key) {
        int leader = leaderOfShard[shardOfKey[key]];
        long now = System.nanoTime();
        if (leader >= 0 && leftOutUntil[leader] - now <= 0) {
            return leader;
        }
        int member = Math.floorMod(turn.getAndIncrement(), members.size());
        return leftOutUntil[member] - now <= 0 ? member : (member + 1) % members.size();
    }

    @Override
    public void failed(int member, int outcome) {
        if (outcome == Outcome.IO || outcome == Outcome.TIMEOUT) {
            leftOutUntil[member] = System.nanoTime() + LEFT_OUT_NANOS;
        }
        wanted.release();
    }

    @Override
    public void close() {
        refresher.interrupt();
        http.close();
    }
}
