package dev.ashlar.raft.log;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** More records than one processor takes in one go, and damage anywhere among them. */
class WholeRecordsTest {
    private static final int RECORDS = 3_000;
    private static final int FROM = 64;

    private final Random random = new Random(11);
    private final byte[] seed = {1, 2, 3, 4, 5, 6, 7, 8};
    private final List<Integer> starts = new ArrayList<>();

    @Test
    void theFirstDamagedRecordEndsThemWhoeverFindsIt() {
        for (boolean shared : new boolean[] {true, false}) {
            try (SegmentMemory memory = SegmentMemory.of(1 << 20, shared ? 1 << 20 : 0)) {
                assertThat(memory.isShared()).isEqualTo(shared);
                ByteBuffer buffer = memory.buffer(1 << 20);
                write(buffer);
                WholeRecords records = new WholeRecords();
                assertThat(records.find(buffer, FROM, seed, shared)).isEqualTo(RECORDS);
                for (int round = 0; round < 200; round++) {
                    int first = random.nextInt(RECORDS);
                    int second = first + random.nextInt(RECORDS - first);
                    flip(buffer, first);
                    if (second != first) {
                        flip(buffer, second);
                    }
                    assertThat(records.find(buffer, FROM, seed, shared)).isEqualTo(first);
                    flip(buffer, first);
                    if (second != first) {
                        flip(buffer, second);
                    }
                }
            }
        }
    }

    private void write(ByteBuffer buffer) {
        starts.clear();
        RecordFormat format = new RecordFormat();
        int at = FROM;
        for (int i = 0; i < RECORDS; i++) {
            byte[] payload = new byte[1 + random.nextInt(200)];
            random.nextBytes(payload);
            format.write(buffer, at, seed, RecordKind.ENTRY, (byte) 1, 0, 1, i + 1L, 7, payload);
            starts.add(at);
            at += (int) RecordFormat.size(payload.length);
        }
        buffer.clear();
    }

    /** A bit of the payload; twice undoes it. */
    private void flip(ByteBuffer buffer, int record) {
        int at = starts.get(record) + RecordFormat.HEADER_BYTES;
        buffer.put(at, (byte) (buffer.get(at) ^ 0x10));
    }
}
