package dev.ashlar.raft.log;

import java.nio.ByteBuffer;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RecordFormatTest {
    private static final int KIND_AT = 36;

    /** Against looking at every place, over mostly empty memory of sizes around those that it is compared in. */
    @Test
    void noPlaceWhereARecordCouldStartIsPassedOver() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int size = 8 * (6 + random.nextInt(20_000));
            ByteBuffer buffer = random.nextBoolean() ? ByteBuffer.allocate(size) : ByteBuffer.allocateDirect(size);
            int written = random.nextInt(6);
            for (int i = 0; i < written; i++) {
                int at = random.nextInt(10) == 0 ? size - 1 - random.nextInt(8) : random.nextInt(size);
                buffer.put(at, (byte) (1 + random.nextInt(255)));
            }
            int from = 8 * random.nextInt(size / 8);
            int last = size - RecordFormat.HEADER_BYTES;
            int expected = from;
            while (expected <= last && buffer.get(expected + KIND_AT) == 0) {
                expected += 8;
            }
            int found = RecordFormat.mayStart(buffer, from);
            while (found <= last && buffer.get(found + KIND_AT) == 0) {
                found = RecordFormat.mayStart(buffer, found + 8);
            }
            assertThat(Math.min(found, last + 8)).as("seed %d", seed).isEqualTo(Math.min(expected, last + 8));
        }
    }

    @Test
    void nothingButZeroIsPassedOverAtOnce() {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
        assertThat(RecordFormat.mayStart(buffer, 64)).isEqualTo(1 << 20);
        buffer.put((1 << 20) - 4, (byte) 1);
        assertThat(RecordFormat.mayStart(buffer, 64)).isEqualTo((1 << 20) - 40);
    }
}
