package dev.ashlar.raft.log;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.ashlar.raft.Member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What is written is found again, in memory, on disk and after a start. */
class LogReopenedTest {
    private static final Member A = new Member("a.1", 1);
    private static final Member B = new Member("b.1", 2);
    private static final LogOptions SMALL = new LogOptions(8 << 10, 64 << 10, 0);

    @TempDir
    Path dir;

    @Test
    void everythingIsFoundAgain() throws Exception {
        SnapshotMark mark = new SnapshotMark(2, 3, 1, List.of(A), List.of(B));
        try (SharedLog log = SharedLog.open(dir, SMALL)) {
            assertThat(log.groups()).isEmpty();
            assertThat(log.hasPending()).isFalse();
            log.writeGroup(7, A, true, List.of(A, B), List.of());
            log.writeGroup(0, B, false, List.of(A), List.of(B));
            log.writeTerm(7, 3, "b.1#2");
            for (int i = 1; i <= 5; i++) {
                log.append(7, i, 3, (byte) i, bytes("entry " + i));
            }
            log.truncateFrom(7, 5);
            log.writeSnapshot(7, mark, false);
            log.release(7, 1);
            assertThat(log.hasPending()).isTrue();
            log.seal().run();
            assertThat(log.hasPending()).isFalse();
        }
        try (SharedLog log = SharedLog.open(dir, SMALL)) {
            Map<Integer, StoredGroup> groups = log.groups();
            StoredGroup group = groups.get(7);
            assertThat(groups).containsOnlyKeys(7, 0);
            assertThat(group)
                    .usingRecursiveComparison()
                    .ignoringFields("entries")
                    .isEqualTo(new StoredGroup(
                            A, true, List.of(A, B), List.of(), 3, "b.1#2", List.of(mark), 2, List.of()));
            assertThat(group.entries()).extracting(StoredEntry::index).containsExactly(2L, 3L, 4L);
            for (StoredEntry entry : group.entries()) {
                assertThat(entry.term()).isEqualTo(3);
                assertThat(entry.type()).isEqualTo((byte) entry.index());
                assertThat(log.read(entry.position())).isEqualTo(bytes("entry " + entry.index()));
            }
            assertThat(groups.get(0).voting()).isFalse();
            log.append(7, 5, 4, (byte) 0, bytes("again"));
            log.removeGroup(0);
        }
        try (SharedLog log = SharedLog.open(dir, SMALL)) {
            Map<Integer, StoredGroup> groups = log.groups();
            assertThat(groups).containsOnlyKeys(7);
            assertThat(log.read(groups.get(7).entries().getLast().position())).isEqualTo(bytes("again"));
        }
    }

    @Test
    void entriesAreReadWhereverTheyAre() throws Exception {
        try (SharedLog log = SharedLog.open(dir, SMALL)) {
            log.writeGroup(1, A, true, List.of(A), List.of());
            List<LogPosition> positions = new ArrayList<>();
            PendingSync first = null;
            for (int i = 1; i <= 100; i++) {
                positions.add(log.append(1, i, 1, (byte) 0, bytes("x".repeat(i * 5))));
                if (i == 40) {
                    first = log.seal();
                }
            }
            assertAllRead(log, positions);
            PendingSync second = log.seal();
            assertThatThrownBy(second::run).isInstanceOf(IllegalStateException.class);
            first.run();
            assertAllRead(log, positions);
            second.run();
            assertAllRead(log, positions);
            assertThat(positions.getLast().segment()).isGreaterThan(3);
        }
    }

    private static void assertAllRead(SharedLog log, List<LogPosition> positions) throws Exception {
        for (int i = 1; i <= positions.size(); i++) {
            assertThat(log.read(positions.get(i - 1))).isEqualTo(bytes("x".repeat(i * 5)));
        }
    }

    @Test
    void idleGroupIsCarriedForwardAndTheOldSegmentsGo() throws Exception {
        try (SharedLog log = SharedLog.open(dir, SMALL)) {
            log.writeGroup(1, A, true, List.of(A), List.of());
            log.writeGroup(2, A, true, List.of(A), List.of());
            LogPosition old = log.append(2, 1, 1, (byte) 9, bytes("idle"));
            for (int i = 1; i <= 400; i++) {
                log.append(1, i, 1, (byte) 0, new byte[200]);
                log.release(1, i - 2);
                log.seal().run();
            }
            assertThat(log.bytesOnDisk()).isGreaterThan(SMALL.targetBytes());
            assertThat(log.oldestPinningGroup()).hasValue(2);
            List<StoredEntry> moved = log.carryForward(2);
            assertThat(moved).extracting(StoredEntry::index).containsExactly(1L);
            assertThat(moved.getFirst().type()).isEqualTo((byte) 9);
            log.seal().run();
            assertThat(log.oldestPinningGroup()).isEmpty();
            assertThat(log.read(moved.getFirst().position())).isEqualTo(bytes("idle"));
            assertThatThrownBy(() -> log.read(old)).hasMessageContaining("released");
        }
        try (SharedLog log = SharedLog.open(dir, SMALL)) {
            Map<Integer, StoredGroup> groups = log.groups();
            assertThat(log.read(groups.get(2).entries().getFirst().position())).isEqualTo(bytes("idle"));
            assertThat(groups.get(1).entries()).extracting(StoredEntry::index).containsExactly(399L, 400L);
            Awaitility.await()
                    .untilAsserted(() -> assertThat(log.bytesOnDisk()).isLessThanOrEqualTo(5 * SMALL.segmentBytes()));
        }
    }

    @Test
    void misuseIsRefusedAndChangesNothing() throws Exception {
        try (SharedLog log = SharedLog.open(dir, SMALL)) {
            assertThatThrownBy(() -> log.writeTerm(1, 1, "")).isInstanceOf(IllegalStateException.class);
            log.writeGroup(1, A, true, List.of(A), List.of());
            assertThatThrownBy(() -> log.writeGroup(1, B, true, List.of(A), List.of()))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> log.append(1, 2, 1, (byte) 0, new byte[1]))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> log.append(1, 1, 1, (byte) 0, new byte[4 << 10]))
                    .isInstanceOf(IllegalArgumentException.class);
            log.release(1, 10);
            log.append(1, 11, 1, (byte) 0, new byte[1]);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
