package dev.ashlar.raft.log;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How many records of a segment lie one after the other, all whole. Headers are followed first; the payloads, which are
 * nearly all of the bytes, are then checked by all processors at the same time.
 */
final class WholeRecords {
    /** Records that one processor checks in one go. */
    private static final int CHUNK = 256;

    private final RecordFormat format = new RecordFormat();
    private int[] starts = new int[1_024];
    private int count;

    /**
     * How many there are from an offset on. Moves position and limit of the buffer.
     *
     * @param shared whether any thread can read the buffer; else this one does all
     */
    int find(ByteBuffer buffer, int from, byte[] seed, boolean shared) {
        count = 0;
        for (int at = from;
                format.fits(buffer, at, seed);
                at += (int) RecordFormat.size(RecordFormat.length(buffer, at))) {
            if (count == starts.length) {
                starts = Arrays.copyOf(starts, 2 * count);
            }
            starts[count++] = at;
        }
        int chunks = (count + CHUNK - 1) / CHUNK;
        IntStream all = IntStream.range(0, chunks);
        return (shared ? all.parallel() : all)
                .map(chunk -> firstTorn(buffer.duplicate(), chunk * CHUNK, Math.min(count, (chunk + 1) * CHUNK)))
                .min()
                .orElse(0);
    }

    /** The first record with another payload than was written; {@link #count} when there is none. */
    private int firstTorn(ByteBuffer buffer, int from, int to) {
        RecordFormat own = new RecordFormat();
        for (int i = from; i < to; i++) {
            if (!own.payloadValid(buffer, starts[i])) {
                return i;
            }
        }
        return count;
    }
}
