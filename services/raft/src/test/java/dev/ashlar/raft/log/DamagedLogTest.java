package dev.ashlar.raft.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What a start makes of a log that was torn, cut, changed or lost in part. */
class DamagedLogTest {
    private static final LogOptions OPTIONS = new LogOptions(4 << 10, 64 << 10, 0);

    @TempDir
    Path dir;

    private Path source;
    private final List<LogModel> states = new ArrayList<>();

    @BeforeEach
    void directory() {
        source = dir.resolve("source");
    }

    /** A disk on which the last batch was written, not synced, and the process ended: no trace that it is durable. */
    private LogModel writeWithLastBatchInFlight() throws Exception {
        PowerCutDisk disk = new PowerCutDisk();
        SharedLog log = SharedLog.open(source, OPTIONS, disk);
        LogModel model = fill(log, 1, 3);
        log.seal().run();
        states.add(model);
        for (int i = 4; i <= 6; i++) {
            model = append(log, model, i);
            states.add(model);
        }
        disk.turnOffAtForce();
        assertThatThrownBy(() -> log.seal().run()).hasMessageContaining("power");
        assertThatThrownBy(() -> log.append(1, 7, 1, (byte) 0, new byte[0])).hasMessageContaining("failed");
        assertThatThrownBy(log::seal).hasMessageContaining("failed");
        log.close();
        return states.getFirst();
    }

    private static LogModel fill(SharedLog log, int from, int to) throws Exception {
        LogModel model = LogModel.empty().with(1, new LogModel.Group(true, 1, "x", List.of(), 0, List.of()));
        log.writeGroup(1, LogModel.local(1), true, List.of(), List.of());
        log.writeTerm(1, 1, "x");
        for (int i = from; i <= to; i++) {
            model = append(log, model, i);
        }
        return model;
    }

    private static LogModel append(SharedLog log, LogModel model, int index) throws Exception {
        byte[] payload = new byte[index * 3];
        Arrays.fill(payload, (byte) (0x40 + index));
        log.append(1, index, 1, (byte) 2, payload);
        return model.with(1, LogModel.withEntry(model.groups().get(1), 1, (byte) 2, payload));
    }

    private LogModel reopen(Path log) throws IOException {
        try (SharedLog opened = SharedLog.open(log, OPTIONS, new PowerCutDisk())) {
            return LogModel.of(opened, opened.groups());
        }
    }

    /** A copy of the first segment, changed. */
    private Path copy(byte[] segment) throws IOException {
        Path copy = Files.createTempDirectory(dir, "copy");
        Files.write(copy.resolve("%016x.wal".formatted(1)), segment);
        return copy;
    }

    private byte[] segment() throws IOException {
        return Files.readAllBytes(source.resolve("%016x.wal".formatted(1)));
    }

    private static int used(byte[] segment) {
        int end = segment.length;
        while (segment[end - 1] == 0) {
            end--;
        }
        return (end + 7) & ~7;
    }

    /** Where the BEGIN of the batch with a number is. */
    private static int batchStart(byte[] segment, long batch) {
        ByteBuffer buffer = ByteBuffer.wrap(segment);
        int at = SegmentFiles.HEADER_BYTES;
        while (RecordFormat.batch(buffer, at) != batch) {
            at += (int) RecordFormat.size(RecordFormat.length(buffer, at));
        }
        return at;
    }

    private static long lastBatch(byte[] segment) {
        ByteBuffer buffer = ByteBuffer.wrap(segment);
        long batch = 0;
        for (int at = SegmentFiles.HEADER_BYTES;
                RecordFormat.batch(buffer, at) != 0;
                at += (int) RecordFormat.size(RecordFormat.length(buffer, at))) {
            batch = RecordFormat.batch(buffer, at);
        }
        return batch;
    }

    @Test
    void batchInFlightIsCutAtEveryByte() throws Exception {
        LogModel durable = writeWithLastBatchInFlight();
        byte[] whole = segment();
        int end = used(whole);
        for (int cut = batchStart(whole, lastBatch(whole)); cut <= end; cut++) {
            byte[] torn = whole.clone();
            Arrays.fill(torn, cut, torn.length, (byte) 0);
            assertThat(states).as("cut at %d", cut).contains(reopen(copy(torn)));
        }
        assertThat(durable).isEqualTo(states.getFirst());
    }

    @Test
    void holeInABatchInFlightIsCutThereThoughLaterRecordsAreWhole() throws Exception {
        writeWithLastBatchInFlight();
        byte[] whole = segment();
        int start = batchStart(whole, lastBatch(whole));
        for (int hole = start; hole < used(whole); hole += 8) {
            byte[] torn = whole.clone();
            Arrays.fill(torn, hole, hole + 8, (byte) 0x55);
            assertThat(states).as("hole at %d", hole).contains(reopen(copy(torn)));
        }
    }

    @Test
    void everyBitFlippedBeforeTheBatchInFlightIsRefusedAndInItCut() throws Exception {
        writeWithLastBatchInFlight();
        byte[] whole = segment();
        int start = batchStart(whole, lastBatch(whole));
        int refused = flipEach(whole, used(whole), states);
        assertThat(refused).isGreaterThan((start - SegmentFiles.HEADER_BYTES) * 8 * 3 / 4);
    }

    @Test
    void everyBitFlippedInASyncedLogIsRefusedOrHarmless() throws Exception {
        SharedLog log = SharedLog.open(source, OPTIONS, new PowerCutDisk());
        LogModel model = fill(log, 1, 4);
        log.seal().run();
        // Not closed: the process is killed here.
        byte[] whole = segment();
        int refused = flipEach(whole, used(whole), List.of(model));
        assertThat(refused).isGreaterThan(used(whole) * 8 * 3 / 4);
        log.close();
    }

    /** Every flip must be refused, or lead to one of the allowed states. Returns how many were refused. */
    private int flipEach(byte[] whole, int end, List<LogModel> allowed) throws IOException {
        int refused = 0;
        Path copy = copy(whole);
        Path file = copy.resolve("%016x.wal".formatted(1));
        for (int bit = 0; bit < end * 8; bit++) {
            byte[] changed = whole.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file, changed);
            try (SharedLog log = SharedLog.open(copy, OPTIONS, new PowerCutDisk())) {
                assertThat(allowed).as("bit %d of byte %d", bit % 8, bit / 8).contains(LogModel.of(log, log.groups()));
            } catch (LogCorruptException | LogFormatException e) {
                refused++;
                assertThat(Files.readAllBytes(file)).as("nothing is changed").isEqualTo(changed);
            }
            Files.deleteIfExists(copy.resolve("%016x.wal".formatted(2)));
        }
        return refused;
    }

    @Test
    void damageIsNamed() throws Exception {
        try (SharedLog log = SharedLog.open(source, OPTIONS)) {
            fill(log, 1, 3);
        }
        byte[] changed = segment();
        ByteBuffer buffer = ByteBuffer.wrap(changed);
        int at = SegmentFiles.HEADER_BYTES;
        while (RecordFormat.kind(buffer, at) != RecordKind.ENTRY) {
            at += (int) RecordFormat.size(RecordFormat.length(buffer, at));
        }
        changed[at + RecordFormat.HEADER_BYTES] ^= 1;
        assertThatThrownBy(() -> reopen(copy(changed)))
                .isInstanceOf(LogCorruptException.class)
                .hasMessageContaining("%016x.wal".formatted(1))
                .hasMessageContaining("offset " + at)
                .hasMessageContaining("group 1")
                .hasMessageContaining("Keep a copy");
    }

    @Test
    void shorterFileIsRefused() throws Exception {
        try (SharedLog log = SharedLog.open(source, OPTIONS)) {
            fill(log, 1, 3);
        }
        byte[] whole = segment();
        for (int length = 0; length < whole.length; length += 61) {
            byte[] shorter = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> reopen(copy(shorter))).isInstanceOf(LogCorruptException.class);
        }
    }

    @Test
    void missingSegmentIsRefused() throws Exception {
        try (SharedLog log = SharedLog.open(source, OPTIONS)) {
            fill(log, 1, 1);
            for (int i = 2; i < 60; i++) {
                log.append(1, i, 1, (byte) 0, new byte[300]);
            }
        }
        for (long number = 1; number <= 4; number++) {
            Path copy = Files.createTempDirectory(dir, "hole");
            for (long each = 1; each <= 4; each++) {
                String name = "%016x.wal".formatted(each);
                if (each != number) {
                    Files.copy(source.resolve(name), copy.resolve(name));
                }
            }
            if (number < 4) {
                assertThatThrownBy(() -> reopen(copy)).isInstanceOf(LogCorruptException.class);
            }
        }
    }

    @Test
    void newerFormatIsRefusedWithClearWords() throws Exception {
        try (SharedLog log = SharedLog.open(source, OPTIONS)) {
            fill(log, 1, 1);
        }
        byte[] newer = segment();
        ByteBuffer header = ByteBuffer.wrap(newer).putInt(8, 2);
        CRC32C crc = new CRC32C();
        crc.update(newer, 0, 32);
        header.putInt(32, (int) crc.getValue());
        assertThatThrownBy(() -> reopen(copy(newer)))
                .isInstanceOf(LogFormatException.class)
                .hasMessageContaining("format version 2")
                .hasMessageContaining("newer version");
    }

    @Test
    void staleBytesOfARecycledSegmentAreNotRecords() throws Exception {
        PowerCutDisk disk = new PowerCutDisk();
        SegmentFiles files = new SegmentFiles(Files.createDirectories(source), disk);
        try (SharedLog log = SharedLog.open(source, OPTIONS, disk)) {
            fill(log, 1, 20);
        }
        Segment old = files.openAll().getFirst();
        Segment recycled = files.recycle(files.retire(old), 1, old.size);
        recycled.close();
        assertThat(reopen(source)).isEqualTo(LogModel.empty());
        assertThat(segment()).as("the old bytes are still there").contains((byte) 0x54);
    }
}
