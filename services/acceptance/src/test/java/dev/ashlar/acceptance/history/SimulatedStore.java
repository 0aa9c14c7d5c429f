package dev.ashlar.acceptance.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * A store of one key in virtual time, with clients that overlap, answers that are lost, and a bug on demand. Each operation
 * takes effect at one moment between its invocation and its return; one whose answer is lost, at any later moment or never.
 */
final class SimulatedStore {
    /** What goes wrong, about once in a history. */
    enum Bug {
        NONE,
        STALE_READ,
        LOST_WRITE,
        DOUBLE_APPLY,
        FAILED_WRITE_APPLIED
    }

    private record Event(long atNanos, Runnable action) {}

    private static final double LOST_ANSWERS = 0.08;

    private final Random random;
    private final Bug bug;
    private final int bugAt;
    private final PriorityQueue<Event> events = new PriorityQueue<>(Comparator.comparingLong(Event::atNanos));
    private final List<Operation> operations = new ArrayList<>();
    private long value = KeyState.NONE;
    private long keyRevision;
    private long revision;
    private long oldValue = KeyState.NONE;
    private long oldRevision;
    private long nextValue;
    private int writes;
    private boolean planted;

    SimulatedStore(long seed, Bug bug, int bugAt) {
        this.random = new Random(seed);
        this.bug = bug;
        this.bugAt = bugAt;
    }

    /** Whether the bug has come to pass. */
    boolean planted() {
        return planted;
    }

    List<Operation> run(int clients, int operationsPerClient) {
        for (int client = 0; client < clients; client++) {
            invoke(client, random.nextInt(50), operationsPerClient);
        }
        while (!events.isEmpty()) {
            events.remove().action().run();
        }
        return operations;
    }

    private void invoke(int client, long atNanos, int left) {
        if (left > 0) {
            events.add(new Event(atNanos, () -> begin(client, atNanos, left)));
        }
    }

    private void begin(int client, long atNanos, int left) {
        Call call = call();
        long effectNanos = atNanos + 1 + random.nextInt(30);
        if (random.nextDouble() < LOST_ANSWERS) {
            long giveUpNanos = atNanos + 40;
            operations.add(new Operation(client, "k", call, new Outcome.Unknown(), atNanos, giveUpNanos));
            if (random.nextBoolean()) {
                long lateNanos = effectNanos + random.nextInt(400);
                events.add(new Event(lateNanos, () -> apply(call)));
            }
            invoke(client, giveUpNanos + 1, left - 1);
            return;
        }
        events.add(new Event(effectNanos, () -> {
            Outcome outcome = apply(call);
            long returnNanos = effectNanos + 1 + random.nextInt(30);
            operations.add(new Operation(client, "k", call, outcome, atNanos, returnNanos));
            if (planted && bug == Bug.DOUBLE_APPLY && outcome instanceof Outcome.Written && doubled == call) {
                events.add(new Event(returnNanos + 200, () -> apply(call)));
            }
            invoke(client, returnNanos + 1 + random.nextInt(20), left - 1);
        }));
    }

    private Call doubled;

    private Call call() {
        // A guess that is often right: what a client has read a moment ago.
        long guess = random.nextInt(4) == 0 ? Math.max(1, keyRevision - 1) : Math.max(1, keyRevision);
        return switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> new Call.Get();
            case 4, 5 -> new Call.Put(nextValue++);
            case 6, 7 -> new Call.PutAt(nextValue++, guess);
            case 8 -> random.nextBoolean() ? new Call.Delete() : new Call.DeleteAt(guess);
            default -> new Call.Create(nextValue++);
        };
    }

    private Outcome apply(Call call) {
        boolean exists = value != KeyState.NONE;
        return switch (call) {
            case Call.Get get -> read();
            case Call.Put put -> write(call, put.value());
            case Call.PutAt put ->
                !exists
                        ? new Outcome.Absent()
                        : keyRevision != put.expectedRevision()
                                ? new Outcome.Mismatch(keyRevision)
                                : write(call, put.value());
            case Call.Create create -> exists ? new Outcome.Mismatch(keyRevision) : write(call, create.value());
            case Call.Delete delete -> exists ? delete() : new Outcome.Absent();
            case Call.DeleteAt delete ->
                !exists
                        ? new Outcome.Absent()
                        : keyRevision != delete.expectedRevision() ? new Outcome.Mismatch(keyRevision) : delete();
        };
    }

    private Outcome read() {
        if (bug == Bug.STALE_READ && !planted && writes > bugAt && oldValue != KeyState.NONE) {
            planted = true;
            return new Outcome.Found(oldValue, oldRevision);
        }
        return value == KeyState.NONE ? new Outcome.Absent() : new Outcome.Found(value, keyRevision);
    }

    private Outcome write(Call call, long written) {
        writes++;
        boolean created = value == KeyState.NONE;
        revision++;
        if (bug == Bug.LOST_WRITE && !planted && writes > bugAt) {
            planted = true;
            return new Outcome.Written(revision, created);
        }
        remember();
        value = written;
        keyRevision = revision;
        if (bug == Bug.FAILED_WRITE_APPLIED && !planted && writes > bugAt) {
            planted = true;
            return new Outcome.Failed();
        }
        if (bug == Bug.DOUBLE_APPLY && !planted && writes > bugAt && call instanceof Call.Put) {
            planted = true;
            doubled = call;
        }
        return new Outcome.Written(revision, created);
    }

    private Outcome delete() {
        remember();
        revision++;
        value = KeyState.NONE;
        keyRevision = revision;
        return new Outcome.Deleted(revision);
    }

    private void remember() {
        // Old enough that no overlap excuses it: every second mutation.
        if (revision % 8 == 0) {
            oldValue = value;
            oldRevision = keyRevision;
        }
    }
}
