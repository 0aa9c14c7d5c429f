package dev.ashlar.store.kv;

import java.io.IOException;

/**
 * The counters of a shard, in one row that every turn rewrites. Engine thread only.
 *
 * <p>{@code timeMs} is the shard's time: the highest stamp of any command, so it never goes back when leadership moves to
 * a store whose clock is behind. {@code firstAnswer} and {@code nextAnswer} bound the remembered answers.
 */
final class ShardCounters {
    long revision;
    long timeMs;
    long firstAnswer;
    long nextAnswer;

    static ShardCounters read(byte[] row) throws IOException {
        ByteReader in = new ByteReader(row, 0, row.length);
        ShardCounters counters = new ShardCounters();
        counters.revision = in.varint();
        counters.timeMs = in.varint();
        counters.firstAnswer = in.varint();
        counters.nextAnswer = in.varint();
        return Rows.good(in, counters);
    }

    byte[] toRow() {
        ByteWriter out = new ByteWriter(4 * Long.BYTES);
        out.varint(revision);
        out.varint(timeMs);
        out.varint(firstAnswer);
        out.varint(nextAnswer);
        return out.toBytes();
    }
}
