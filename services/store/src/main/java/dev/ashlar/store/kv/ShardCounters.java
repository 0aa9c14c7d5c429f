package dev.ashlar.store.kv;

import java.io.IOException;

/**
 * The counters of a shard, in one row that every turn rewrites. Engine thread only.
 *
 * <p>{@code timeMs} is the shard's time: the highest stamp of any command, so it never goes back when leadership moves to
 * a store whose clock is behind. {@code firstAnswer} and {@code nextAnswer} bound the remembered answers. {@code historyFirst} is the
 * revision of the oldest event that is kept, 0 when none ever was; {@code historyBytes} the size of all that are.
 */
final class ShardCounters {
    long revision;
    long timeMs;
    long firstAnswer;
    long nextAnswer;
    long historyFirst;
    long historyBytes;

    static ShardCounters read(byte[] row) throws IOException {
        ByteReader in = new ByteReader(row, 0, row.length);
        ShardCounters counters = new ShardCounters();
        counters.revision = in.varint();
        counters.timeMs = in.varint();
        counters.firstAnswer = in.varint();
        counters.nextAnswer = in.varint();
        if (!in.finished()) {
            counters.historyFirst = in.varint();
            counters.historyBytes = in.varint();
        }
        return Rows.good(in, counters);
    }

    byte[] toRow() {
        ByteWriter out = new ByteWriter(6 * Long.BYTES);
        out.varint(revision);
        out.varint(timeMs);
        out.varint(firstAnswer);
        out.varint(nextAnswer);
        out.varint(historyFirst);
        out.varint(historyBytes);
        return out.toBytes();
    }
}
