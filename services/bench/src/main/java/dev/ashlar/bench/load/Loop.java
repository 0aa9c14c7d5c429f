package dev.ashlar.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * One thread that drives its share of the clients.
 *
 * <ol>
 *   <li>Every client is given an operation and a lane sends it.
 *   <li>A turn: wait for sockets, let each decode; each answer is counted and its client is given the next operation at once;
 *       at the end of the turn connections that hold encoded requests send them.
 *   <li>An operation that failed is counted by its outcome; its client pauses {@value #PAUSE_NANOS} ns, so that a dead server
 *       is not hammered.
 *   <li>Every 100 ms operations older than the timeout are failed and their connection is closed.
 *   <li>With a pace operations begin when they are due, each by the client that is idle for longest; one that finds no idle
 *       client begins late, and its latency counts from when it was due.
 *   <li>After the counted time no new operation starts; the loop ends when all answers are in or after the timeout.
 * </ol>
 */
public final class Loop implements Runnable {
    private static final long PAUSE_NANOS = 5_000_000;
    private static final long SWEEP_NANOS = 100_000_000;
    private static final int READ_BYTES = 64 << 10;

    private final LoadSpec spec;
    private final Payload payload;
    private final KeyChoice choice;
    private final Observer observer;
    private final AtomicInteger sequence;
    private final Selector selector;
    private final List<Client> clients = new ArrayList<>();
    private final Set<Link> links = new HashSet<>();
    private final ArrayDeque<Client> paused = new ArrayDeque<>();
    private final ArrayDeque<Client> ready = new ArrayDeque<>();
    private final ArrayList<Link> dirty = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
    private final byte[] bytes = new byte[READ_BYTES];
    private final SplittableRandom random;
    private final Counts counts = new Counts();
    private final long start;
    private final long countFrom;
    private final long countTo;
    private Target.Lane lane;
    private int steps = 1;
    private long begun;
    private int inFlight;
    private int idle;
    private boolean over;

    /** The state that all loops of a run share. */
    record Shared(
            LoadSpec spec,
            Payload payload,
            KeyChoice choice,
            Observer observer,
            AtomicInteger sequence,
            long start,
            long countFrom,
            long countTo) {}

    Loop(Shared shared, int index) {
        spec = shared.spec();
        payload = shared.payload();
        choice = shared.choice();
        observer = shared.observer();
        sequence = shared.sequence();
        start = shared.start();
        countFrom = shared.countFrom();
        countTo = shared.countTo();
        random = new SplittableRandom(spec.seed() + index);
        for (int id = index; id < spec.clients(); id += spec.threads()) {
            clients.add(new Client(id));
        }
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many clients this loop drives. */
    public int clientCount() {
        return clients.size();
    }

    Selector selector() {
        return selector;
    }

    Counts counts() {
        return counts;
    }

    /** When operation {@code i} of a run with a pace is due, {@link System#nanoTime()}; the first is number 0. */
    public long dueNanos(long i) {
        return start + i * 1_000_000_000 / spec.perSecond();
    }

    /** The run has ended, and whatever is open is being closed. */
    public boolean isOver() {
        return over;
    }

    void attach(Target target) {
        steps = target.steps();
        lane = target.lane(this);
    }

    /** A lane opened a connection: the loop closes it when the run ends. */
    public void remember(Link link) {
        links.add(link);
    }

    void forget(Link link) {
        links.remove(link);
    }

    void flushAtEndOfTurn(Link link) {
        dirty.add(link);
    }

    /** The answer to the client's operation is in, or will never come. */
    public void completed(Client client, int outcome) {
        long now = System.nanoTime();
        client.link = null;
        if (outcome == Outcome.OK && client.step + 1 < steps) {
            client.step++;
            lane.submit(client);
            return;
        }
        inFlight--;
        observer.finished(client, outcome, now);
        if (now >= countFrom && now < countTo) {
            if (outcome == Outcome.OK) {
                counts.ok(client.read, now - client.startNanos);
            } else {
                counts.error(outcome);
            }
        }
        if (outcome == Outcome.OK) {
            next(client, now);
        } else {
            client.startNanos = now + PAUSE_NANOS;
            paused.add(client);
        }
    }

    private void next(Client client, long now) {
        if (spec.perSecond() > 0) {
            ready.add(client);
        } else if (now >= countTo || !choose(client)) {
            idle++;
        } else {
            submit(client, now);
        }
    }

    /** With a pace: begins what is due. */
    private void beginDue(long now) {
        while (!ready.isEmpty() && (now >= countTo || dueNanos(begun) <= now)) {
            Client client = ready.poll();
            if (now >= countTo || !choose(client)) {
                idle++;
            } else {
                submit(client, dueNanos(begun++));
            }
        }
    }

    private void submit(Client client, long now) {
        client.step = 0;
        client.startNanos = now;
        inFlight++;
        lane.submit(client);
    }

    /** A client that failed goes on: with the same key when every key must be written and time plays no part, else with a new operation. */
    private void resume(Client client, long now) {
        if (spec.workload() == Workload.LOAD && spec.perSecond() == 0) {
            submit(client, now);
        } else {
            next(client, now);
        }
    }

    private boolean choose(Client client) {
        if (spec.workload() == Workload.LOAD) {
            client.read = false;
            client.key = sequence.getAndIncrement();
            if (client.key >= payload.keyCount()) {
                return false;
            }
        } else {
            int percent = spec.workload().readPercent();
            client.read = percent == 100 || (percent > 0 && random.nextInt(100) < percent);
            client.key = spec.workload() == Workload.LOCK ? ownKey(client) : choice.next(random);
        }
        client.value = random.nextInt(payload.valueCount());
        return true;
    }

    /** A key that no other client takes. */
    private int ownKey(Client client) {
        return random.nextInt(payload.keyCount() / spec.clients()) * spec.clients() + client.id;
    }

    @Override
    public void run() {
        try (selector) {
            long now = System.nanoTime();
            for (Client client : clients) {
                next(client, now);
            }
            endTurn();
            turns();
            over = true;
            for (Link link : List.copyOf(links)) {
                link.close(Outcome.IO);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void turns() throws IOException {
        Consumer<SelectionKey> decode = key -> ((Link) key.attachment()).ready(buffer, bytes);
        long sweepAt = System.nanoTime() + SWEEP_NANOS;
        long giveUpAt = countTo == Long.MAX_VALUE
                ? Long.MAX_VALUE
                : countTo + spec.timeout().toNanos();
        while (idle < clients.size()) {
            selector.select(decode, paused.isEmpty() && ready.isEmpty() ? SWEEP_NANOS / 1_000_000 : 1);
            endTurn();
            long now = System.nanoTime();
            while (!paused.isEmpty() && paused.peek().startNanos <= now) {
                resume(paused.poll(), now);
            }
            beginDue(now);
            if (now >= sweepAt) {
                sweepAt = now + SWEEP_NANOS;
                failOverdue(now - spec.timeout().toNanos());
            }
            endTurn();
            if (now >= giveUpAt) {
                return;
            }
        }
    }

    private void endTurn() {
        for (int i = 0; i < dirty.size(); i++) {
            dirty.get(i).flush();
        }
        dirty.clear();
    }

    private void failOverdue(long startedBefore) {
        if (inFlight == 0) {
            return;
        }
        for (Client client : clients) {
            Link link = client.link;
            if (link != null && client.startNanos < startedBefore) {
                link.close(Outcome.TIMEOUT);
            }
        }
    }
}
