package dev.ashlar.raft.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.ShrinkingMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Random work on small segments against a model, with restarts and power cuts in between. After a power cut the log must hold what had
 * been synced, and of what came later a beginning: never less, never anything else, and it must never refuse to start.
 */
class LogUnderPowerCutsTest {
    private static final LogOptions OPTIONS = new LogOptions(4 << 10, 12 << 10, 0);

    record Step(int kind, int group, int amount) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 19).withDistribution(RandomDistribution.uniform()),
                        Arbitraries.integers().between(0, 2).withDistribution(RandomDistribution.uniform()),
                        Arbitraries.integers().between(0, 400).withDistribution(RandomDistribution.uniform()))
                .as(Step::new)
                .list()
                .ofMinSize(20)
                .ofMaxSize(150);
    }

    @Property(tries = 300, shrinking = ShrinkingMode.BOUNDED)
    void syncedRecordsSurviveAndNothingElseAppears(@ForAll("steps") List<Step> steps, @ForAll long seed)
            throws Exception {
        new Run(new PowerCutDisk(), new Random(seed)).all(steps);
    }

    @Example
    void logThatDoesNotSyncIsCaught() {
        int caught = 0;
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            List<Step> steps = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                steps.add(new Step(random.nextInt(20), random.nextInt(3), random.nextInt(400)));
            }
            try {
                new Run(new PowerCutDisk(true), random).all(steps);
            } catch (AssertionError | Exception e) {
                caught++;
            }
        }
        assertThat(caught).as("runs that noticed").isGreaterThan(10);
    }

    private static final class Run {
        private final PowerCutDisk disk;
        private final Random random;
        private final Path dir;
        private SharedLog log;
        private LogModel model = LogModel.empty();
        /** States since the newest that is durable, which is the first. */
        private final List<LogModel> history = new ArrayList<>();

        private final Deque<PendingSync> sealed = new ArrayDeque<>();
        private final Deque<Long> sealedStates = new ArrayDeque<>();
        /** States that were in the history before its first one. */
        private long forgotten;

        Run(PowerCutDisk disk, Random random) throws IOException {
            this.disk = disk;
            this.random = random;
            dir = Files.createTempDirectory("log");
        }

        void all(List<Step> steps) throws Exception {
            try {
                open();
                for (Step step : steps) {
                    step(step);
                }
                powerCut();
                log.close();
                open();
            } finally {
                disk.turnOff();
                closeQuietly();
                try (DirectoryStream<Path> files = Files.newDirectoryStream(dir)) {
                    for (Path file : files) {
                        Files.delete(file);
                    }
                }
                Files.delete(dir);
            }
        }

        private void open() throws IOException {
            log = SharedLog.open(dir, OPTIONS, disk);
            Map<Integer, StoredGroup> stored = log.groups();
            LogModel found = LogModel.of(log, stored);
            if (!history.isEmpty()) {
                assertThat(history).as("states that may be found").contains(found);
            }
            model = found;
            history.clear();
            history.add(found);
            forgotten = 0;
        }

        private void step(Step step) throws Exception {
            int id = step.group();
            LogModel.Group group = model.groups().get(id);
            if (group == null && step.kind() < 15) {
                log.writeGroup(id, LogModel.local(id), true, List.of(LogModel.local(id)), List.of());
                next(id, new LogModel.Group(true, 0, "", List.of(), 0, List.of()));
                return;
            }
            switch (step.kind()) {
                case 0, 1, 2, 3, 4, 5, 6, 7 -> {
                    byte[] payload = new byte[step.amount()];
                    random.nextBytes(payload);
                    byte type = (byte) step.kind();
                    log.append(id, group.last() + 1, group.term(), type, payload);
                    next(id, LogModel.withEntry(group, group.term(), type, payload));
                }
                case 8 -> {
                    log.writeTerm(id, group.term() + 1, "n" + step.amount());
                    next(id, LogModel.withTerm(group, group.term() + 1, "n" + step.amount()));
                }
                case 9 -> {
                    long from = Math.max(group.released() + 1, group.last() - step.amount() % 4);
                    if (from <= group.last()) {
                        log.truncateFrom(id, from);
                        next(id, LogModel.without(group, 0, from));
                    }
                }
                case 10, 11, 12 -> {
                    long to = step.amount() == 0 ? group.last() + 5 : Math.max(0, group.last() - step.amount() % 8);
                    log.release(id, to);
                    next(id, LogModel.without(group, to, Long.MAX_VALUE));
                }
                case 13 -> {
                    SnapshotMark mark = new SnapshotMark(
                            group.last(), group.term(), step.amount(), List.of(LogModel.local(id)), List.of());
                    boolean insteadOfNewest = step.amount() % 2 == 0;
                    log.writeSnapshot(id, mark, insteadOfNewest);
                    next(id, LogModel.withMark(group, mark, insteadOfNewest));
                }
                case 14 -> {
                    if (step.amount() < 60) {
                        log.removeGroup(id);
                        next(id, null);
                    }
                }
                case 15 -> carryForward();
                case 16 -> seal();
                case 17 -> {
                    seal();
                    sync();
                }
                case 18 -> {
                    if (step.amount() < 150) {
                        sync();
                        log.close();
                        history.clear();
                        history.add(model);
                        open();
                    }
                }
                default -> {
                    if (step.amount() < 50) {
                        powerCut();
                    } else if (step.amount() < 200) {
                        powerCutWhileWriting();
                    }
                }
            }
        }

        private void next(int id, LogModel.Group group) {
            model = model.with(id, group);
            history.add(model);
        }

        private void carryForward() throws IOException {
            int pinning = log.oldestPinningGroup().orElse(-1);
            if (pinning < 0) {
                return;
            }
            for (StoredEntry entry : log.carryForward(pinning)) {
                LogModel.Group group = model.groups().get(pinning);
                String expected = group.entries().get((int) (entry.index() - group.released() - 1));
                byte[] payload = log.read(entry.position());
                assertThat(expected).endsWith("/" + HexFormat.of().formatHex(payload));
            }
        }

        private void seal() {
            sealed.add(log.seal());
            sealedStates.add(forgotten + history.size() - 1);
        }

        private void sync() throws IOException {
            while (!sealed.isEmpty()) {
                sealed.remove().run();
                for (long durable = sealedStates.remove(); forgotten < durable; forgotten++) {
                    history.removeFirst();
                }
            }
        }

        private void powerCutWhileWriting() throws IOException {
            seal();
            disk.turnOffAtForce();
            try {
                sync();
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("power is off");
            }
            powerCut();
        }

        private void powerCut() throws IOException {
            disk.turnOff();
            closeQuietly();
            sealed.clear();
            sealedStates.clear();
            disk.turnOn(random);
            open();
        }

        private void closeQuietly() {
            try {
                log.close();
            } catch (IOException | UncheckedIOException | IllegalStateException e) {
                // What cannot be written any more is the point of this.
                assertThat(e).isNotNull();
            }
        }
    }
}
