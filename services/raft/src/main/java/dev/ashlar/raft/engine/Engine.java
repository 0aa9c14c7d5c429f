package dev.ashlar.raft.engine;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.ashlar.raft.log.SharedLog;
import dev.ashlar.raft.state.StateDiskFullException;
import dev.ashlar.raft.transport.PeerTransport;

/**
 * The turn. Without threads and clocks of its own, so that a simulation can run it as a thread does (see {@link
 * EngineThread}).
 *
 * <ol>
 *   <li>Run what others have posted, and what that leads to.
 *   <li>Run the timers that are due; after the messages, so that a process that was paused hears its peers before it
 *       suspects them.
 *   <li>Propose what clients have submitted, unless a sync is running: what is appended then must wait for the next one
 *       anyway, and what comes until it ends makes fewer and larger entries, of all groups in the same turn.
 *   <li>Make what was applied visible and answer clients.
 *   <li>Send; then seal the log and start a sync when none is running.
 * </ol>
 *
 * <p>An epoch is one seal of the log. {@link #epoch()} is the one that is being written to now; {@link Outbox} and the
 * groups compare with the newest durable one.
 */
final class Engine {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

    /** Posted tasks in one turn; the rest waits for the next, behind timers and commands. */
    private static final int TASKS_PER_TURN_MAX = 4_096;

    /** How long to wait before a state that found its disk full is tried again. */
    private static final long DISK_FULL_RETRY_NANOS = 500_000_000;

    private final LongSupplier clock;
    private final Random random;
    private final SharedLog log;
    private final Syncer syncer;
    private final Outbox outbox;
    private final Runnable wake;

    private final Queue<Runnable> posted = new ConcurrentLinkedQueue<>();
    private final Deque<Runnable> local = new ArrayDeque<>();
    private final Timers timers = new Timers();
    private final Map<Integer, Group> groups = new LinkedHashMap<>();
    private final Set<Group> toPump = new LinkedHashSet<>();
    private final Set<Group> touched = new LinkedHashSet<>();
    private final List<Runnable> afterTurn = new ArrayList<>();

    private long nowNanos;
    private long epoch = 1;
    private boolean syncing;
    private volatile String fault = "";
    private volatile boolean blocked;
    private volatile long lastTurnNanos;

    Engine(LongSupplier clock, Random random, SharedLog log, Syncer syncer, PeerTransport transport, Runnable wake) {
        this.clock = clock;
        this.random = random;
        this.log = log;
        this.syncer = syncer;
        this.outbox = new Outbox(transport);
        this.wake = wake;
        this.nowNanos = clock.getAsLong();
        this.lastTurnNanos = nowNanos;
    }

    // ---- any thread

    /** Runs a task in the next turn. */
    void post(Runnable task) {
        posted.add(task);
        wake.run();
    }

    /** Why the engine has stopped, or an empty string. */
    String fault() {
        return fault;
    }

    /**
     * Whether a state could not be written since its disk is full (S9). Turns do nothing but try again then; what peers and
     * clients send must not be queued meanwhile. Clears by itself.
     */
    boolean blocked() {
        return blocked;
    }

    /** Whether there is something to do now. */
    boolean hasPosted() {
        return !posted.isEmpty();
    }

    /** When the last turn ended, on the engine's clock. */
    long lastTurnNanos() {
        return lastTurnNanos;
    }

    // ---- engine thread

    /** One turn; returns the nanoseconds until the next is due when nothing is posted meanwhile. */
    long turn() {
        nowNanos = clock.getAsLong();
        if (!fault.isEmpty()) {
            posted.clear();
            return Long.MAX_VALUE;
        }
        if (blocked && !unblocked()) {
            lastTurnNanos = nowNanos;
            return DISK_FULL_RETRY_NANOS;
        }
        for (int i = 0; i < TASKS_PER_TURN_MAX; i++) {
            Runnable task = posted.poll();
            if (task == null) {
                break;
            }
            run(task);
        }
        for (Runnable due = timers.pollDue(nowNanos); due != Timers.NONE; due = timers.pollDue(nowNanos)) {
            run(due);
        }
        pump();
        endTurn();
        if (!blocked) {
            startSync();
        }
        lastTurnNanos = nowNanos;
        return posted.isEmpty() ? timers.untilNext(clock.getAsLong()) : 0;
    }

    private void run(Runnable task) {
        runSafely(task);
        for (Runnable next = local.poll(); next != null; next = local.poll()) {
            runSafely(next);
        }
    }

    private void runSafely(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            // MicroRaft catches its own; what arrives here is a bug, and going on could break a promise.
            fail("unexpected failure on the engine thread: " + e, e);
        }
    }

    private void pump() {
        while (!syncing && !toPump.isEmpty()) {
            List<Group> round = List.copyOf(toPump);
            toPump.clear();
            for (Group group : round) {
                run(group::pump);
            }
        }
    }

    private void endTurn() {
        // Answers may lead to new work of the same turn; it only touches groups and queues tasks for the next one.
        for (Group group : List.copyOf(touched)) {
            try {
                group.endTurn();
                touched.remove(group);
            } catch (StateDiskFullException e) {
                LOG.warn("group {}: {}; waiting for space", group.id(), e.getMessage());
                blocked = true;
                return;
            } catch (IOException e) {
                touched.remove(group);
                group.stateFailed(e);
            }
        }
        if (!afterTurn.isEmpty()) {
            List<Runnable> callbacks = List.copyOf(afterTurn);
            afterTurn.clear();
            callbacks.forEach(this::runSafely);
        }
        outbox.flush();
    }

    /** Tries again to end the turn that found a disk full, before anything else happens. */
    private boolean unblocked() {
        blocked = false;
        endTurn();
        return !blocked && fault.isEmpty();
    }

    private void startSync() {
        if (syncing || !log.hasPending() || !fault.isEmpty()) {
            return;
        }
        long sealed = epoch++;
        syncing = true;
        List<Runnable> completions = new ArrayList<>();
        for (Group group : groups.values()) {
            group.sealed(sealed).ifPresent(completions::add);
        }
        syncer.start(log.seal(), failure -> post(() -> synced(sealed, failure, completions)));
    }

    private void synced(long sealed, Optional<IOException> failure, List<Runnable> completions) {
        syncing = false;
        if (failure.isPresent()) {
            // What a failed sync has written is unknown, and a second one may lie: stop, let recovery look.
            fail("the log cannot be written: " + failure.get().getMessage(), failure.get());
            return;
        }
        outbox.durable(sealed);
        completions.forEach(this::runSafely);
    }

    /** Stops everything: no message leaves and nothing is answered any more. */
    void fail(String reason, Throwable cause) {
        if (fault.isEmpty()) {
            LOG.error("The engine stops: {}", reason, cause);
            fault = reason;
            groups.values().forEach(Group::halted);
        }
    }

    void local(Runnable task) {
        local.add(task);
    }

    void schedule(long delayNanos, Runnable task) {
        timers.add(nowNanos + delayNanos, task);
    }

    void pumpLater(Group group) {
        toPump.add(group);
    }

    void touch(Group group) {
        touched.add(group);
    }

    /** Runs a callback when everything applied in this turn is visible. */
    void afterTurn(Runnable callback) {
        afterTurn.add(callback);
    }

    void add(Group group) {
        groups.put(group.id(), group);
    }

    void remove(Group group) {
        groups.remove(group.id(), group);
        toPump.remove(group);
        touched.remove(group);
    }

    Optional<Group> group(int id) {
        return Optional.ofNullable(groups.get(id));
    }

    Collection<Group> groups() {
        return groups.values();
    }

    long now() {
        return nowNanos;
    }

    long clockNanos() {
        return clock.getAsLong();
    }

    LongSupplier clock() {
        return clock;
    }

    Random random() {
        return random;
    }

    SharedLog log() {
        return log;
    }

    Outbox outbox() {
        return outbox;
    }

    /** The epoch of what is written to the log now. */
    long epoch() {
        return epoch;
    }
}
