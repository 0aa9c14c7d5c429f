package dev.ashlar.raft.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.ashlar.raft.Command;
import dev.ashlar.raft.LogEntry;
import dev.ashlar.raft.SnapshotFiles;
import dev.ashlar.raft.StateMachine;

/**
 * A state machine for simulations: the list of command numbers it has applied, in order. What was flushed survives a crash
 * ({@link #crashed}), the rest is gone, like RocksDB without its own log.
 */
final class SimState implements StateMachine {
    private final List<Long> applied = new ArrayList<>();
    private final List<Runnable> outcomes = new ArrayList<>();
    private final Runnable flushSoon;
    private long appliedIndex;
    private List<Long> durable = List.of();
    private long durableIndex;
    private boolean damaged;
    private boolean everDamaged;

    SimState(Runnable flushSoon) {
        this.flushSoon = flushSoon;
    }

    /** The state that a restart finds. */
    SimState crashed(Runnable newFlushSoon) {
        SimState next = new SimState(newFlushSoon);
        next.applied.addAll(durable);
        next.appliedIndex = durableIndex;
        next.durable = durable;
        next.durableIndex = durableIndex;
        return next;
    }

    /** The next entry cannot be applied; a later one could. */
    void damage() {
        damaged = true;
        everDamaged = true;
    }

    /** Whether a test has damaged it: only then may its replica stop. */
    boolean everDamaged() {
        return everDamaged;
    }

    void flush() {
        durable = List.copyOf(applied);
        durableIndex = appliedIndex;
    }

    List<Long> applied() {
        return applied;
    }

    static byte[] encode(long number) {
        return ByteBuffer.allocate(8).putLong(number).array();
    }

    @Override
    public long appliedIndex() {
        return appliedIndex;
    }

    @Override
    public void apply(LogEntry entry) throws IOException {
        if (damaged) {
            damaged = false;
            throw new IOException("a block is not what was written");
        }
        if (entry.index() <= appliedIndex) {
            throw new AssertionError("entry " + entry.index() + " applied at " + appliedIndex);
        }
        for (int i = 0; i < entry.commands().size(); i++) {
            applied.add(ByteBuffer.wrap(entry.commands().get(i)).getLong());
            if (!entry.origins().isEmpty()) {
                Command origin = entry.origins().get(i);
                outcomes.add(((SimCommand) origin).acknowledged());
            }
        }
        appliedIndex = entry.index();
    }

    @Override
    public void advance(long index) {
        appliedIndex = index;
    }

    @Override
    public void endOfTurn() {
        List<Runnable> told = List.copyOf(outcomes);
        outcomes.clear();
        told.forEach(Runnable::run);
    }

    @Override
    public long durableIndex() {
        return durableIndex;
    }

    @Override
    public void requestFlush() {
        flushSoon.run();
    }

    @Override
    public SnapshotFiles snapshot() {
        throw new UnsupportedOperationException("the simulated transport copies the state");
    }

    /** Writes the state as a snapshot's file. */
    void writeTo(Path directory) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(8 + 8 * applied.size()).putLong(appliedIndex);
        applied.forEach(bytes::putLong);
        Files.write(directory.resolve("state"), bytes.array());
    }

    @Override
    public void install(Path directory) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(directory.resolve("state")));
        appliedIndex = bytes.getLong();
        applied.clear();
        while (bytes.hasRemaining()) {
            applied.add(bytes.getLong());
        }
        // An installed snapshot is durable at once: its files were synced before they were moved into place.
        flush();
    }

    @Override
    public void close() {
        flush();
    }
}
