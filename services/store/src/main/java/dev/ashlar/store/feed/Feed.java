package dev.ashlar.store.feed;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import io.vertx.core.Context;
import org.jboss.logging.Logger;

import dev.ashlar.common.Limits;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.common.key.ShardHash;
import dev.ashlar.store.boot.StoreMemory;
import dev.ashlar.store.kv.HistoryEvent;
import dev.ashlar.store.membership.ClusterMap;

/**
 * The events of all shards, in one sequence of this store's own.
 *
 * <ol>
 *   <li>One thread reads the history of every shard from where it stands, event by event without a gap, and gives each to
 *       the groups of watches that want it. The position after an event is its cursor.
 *   <li>A watch that begins at a cursor, or whose client takes its events too slowly, is behind: it reads the history by
 *       itself, up to where the feed stands at that moment, and joins its group between two events. So nothing is lost or
 *       doubled, and per watch no more than a bounded number of bytes is held.
 *   <li>All watches together hold no more than {@link Limits#WATCH_UNSENT_BYTES_MAX}, and one event. When that is reached,
 *       those whose clients have taken nothing for longest end ({@link Eviction}); the others go on when there is room.
 *   <li>When the history does not reach back far enough, the watch ends with {@code compacted}: the client must read the
 *       present state.
 *   <li>A store that hears nothing of a shard for a while ends the watches of it, so that clients go to another one.
 *   <li>Without watches and listeners the thread sleeps.
 * </ol>
 */
@Singleton
public class Feed {
    private static final Logger LOG = Logger.getLogger(Feed.class);
    private static final long PAUSE_NANOS = 20_000_000;
    /** With many watches, events of some milliseconds share one write to each: so long per watch, and at most so long. */
    private static final long GATHER_NANOS_PER_WATCH = 66_000;

    private static final long GATHER_NANOS_MAX = 25_000_000;
    /** How long it does nothing after a failure, which may come again at once. */
    private static final long FAILED_NANOS = 250_000_000;

    private static final long LOST_NANOS = 15_000_000_000L;
    /** How long a stop waits for those who watch to be told. */
    private static final long STOP_MS = 5_000;

    private final ClusterMap map;
    private final RowSource source;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean signalled = new AtomicBoolean();
    private final AtomicInteger watchers = new AtomicInteger();
    private final Map<Filter, Group> groups = new HashMap<>();
    private final Map<String, List<Listener>> keyListeners = new HashMap<>();
    private final Map<String, List<Listener>> lockListeners = new HashMap<>();
    private final List<Listener> unready = new ArrayList<>();
    private final UnsentBytes unsent;
    private final Eviction eviction = new Eviction();
    private Tails tails;
    private CatchUp catchUp;
    private Heartbeats heartbeats;
    private volatile boolean stopping;
    private volatile Thread thread;

    @Inject
    Feed(ClusterMap map, RowSource source, StoreMemory memory) {
        this(map, source, memory.watchUnsentBytesMax());
    }

    Feed(ClusterMap map, RowSource source, long unsentBytesMax) {
        this.map = map;
        this.source = source;
        this.unsent = new UnsentBytes(unsentBytesMax);
    }

    /**
     * Begins a watch. On the event loop of its connection.
     *
     * @param cursor where to go on; empty for now
     * @throws ApiException when the cursor is not valid, or too many watch
     */
    public Subscription subscribe(Filter filter, Optional<String> cursor, Sink sink, Context context) {
        long[] position = cursor.map(text -> Position.decode(text, map.state().clusterId(), map.shards()))
                .orElse(new long[0]);
        take();
        Subscription subscription =
                new Subscription(filter, context, sink, position, System.nanoTime(), unsent, watchers::decrementAndGet);
        submit(() -> catchUp.add(subscription));
        return subscription;
    }

    /**
     * Waits for changes of a key or for a lock to become free: {@code ready} is called once, when nothing that happens
     * after it can be missed, then {@code wake} after each change. Both on the event loop that this is called on.
     */
    public Listener listen(String name, boolean lock, Context context, Runnable ready, Runnable wake) {
        take();
        int shard = ShardHash.shardOf(name, map.shards());
        Listener listener = new Listener(name, lock, shard, context, ready, wake, this::left);
        submit(() -> {
            (lock ? lockListeners : keyListeners)
                    .computeIfAbsent(name, any -> new ArrayList<>())
                    .add(listener);
            unready.add(listener);
        });
        return listener;
    }

    private void left(Listener listener) {
        watchers.decrementAndGet();
        submit(() -> {
            Map<String, List<Listener>> listeners = listener.lock ? lockListeners : keyListeners;
            List<Listener> waiting = listeners.get(listener.name);
            if (waiting != null && waiting.remove(listener) && waiting.isEmpty()) {
                listeners.remove(listener.name);
            }
        });
    }

    private void take() {
        if (watchers.incrementAndGet() > Limits.WATCHES_MAX) {
            watchers.decrementAndGet();
            throw new ApiException(
                    ErrorCode.TOO_MANY_REQUESTS,
                    "this store has " + Limits.WATCHES_MAX + " watches and waiting requests, which is the limit",
                    5_000);
        }
    }

    /** How many watch or wait. */
    public int watchers() {
        return watchers.get();
    }

    /** What all watches have unsent together, in bytes. */
    public long unsentBytes() {
        return unsent.now();
    }

    private void submit(Runnable task) {
        tasks.add(task);
        start();
        signal();
    }

    private synchronized void start() {
        if (thread == null) {
            tails = new Tails(source, map.shards(), this::signal);
            catchUp = new CatchUp(source, tails, unsent, this::cursor, this::signal);
            heartbeats = new Heartbeats();
            thread = Thread.ofPlatform().daemon().name("feed").start(this::run);
        }
    }

    /**
     * Returns when the event loops have what those who watch are to be told, so that the loops may be stopped then; at the
     * latest after {@link #STOP_MS}.
     */
    @PreDestroy
    void stop() {
        stopping = true;
        signal();
        Thread running = thread;
        if (running == null) {
            return;
        }
        try {
            running.join(STOP_MS);
            if (running.isAlive()) {
                LOG.warnf("those who watch were not told of the stop within %d ms", STOP_MS);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** There may be something to do. Any thread; costs next to nothing when it was said before. */
    private void signal() {
        if (signalled.compareAndSet(false, true)) {
            LockSupport.unpark(thread);
        }
    }

    // ---- the feed's thread

    private void run() {
        while (!stopping) {
            try {
                turn();
            } catch (RuntimeException bug) {
                LOG.error("the feed failed; its watches end", bug);
                endAll("the store failed to read its history");
                tails.reset();
                wakeAll();
                gather(System.nanoTime() + FAILED_NANOS);
            }
        }
        runTasks();
        endAll("this store is about to stop");
        unready.forEach(Listener::ready);
        wakeAll();
    }

    /** What happened meanwhile is not known here: all who wait look for themselves, now and when the shards are known again. */
    private void wakeAll() {
        Stream.of(keyListeners, lockListeners)
                .flatMap(listeners -> listeners.values().stream())
                .flatMap(List::stream)
                .filter(listener -> !unready.contains(listener))
                .forEach(listener -> {
                    listener.wake();
                    unready.add(listener);
                });
    }

    private void turn() {
        signalled.set(false);
        runTasks();
        if (nobody()) {
            tails.reset();
            pause(Long.MAX_VALUE);
            return;
        }
        long nowNanos = System.nanoTime();
        long[] before = tails.at().clone();
        boolean busy = tails.advance(nowNanos, this::event, this::compacted);
        deliver(before);
        makeReady();
        busy |= catchUp.run(nowNanos, this::join);
        if (unsent.wasShort()) {
            makeRoom(nowNanos);
        }
        if (heartbeats.due(nowNanos)) {
            sweep();
            heartbeat();
            for (int shard : tails.lost(nowNanos, LOST_NANOS)) {
                endConcerned(shard);
            }
        }
        if (!busy) {
            pause(PAUSE_NANOS);
        } else {
            gather(nowNanos + Math.min(GATHER_NANOS_MAX, GATHER_NANOS_PER_WATCH * watchers.get()));
        }
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private void makeRoom(long nowNanos) {
        List<Subscription> all = new ArrayList<>(catchUp.all());
        groups.values().forEach(group -> all.addAll(group.all()));
        for (Subscription slow : eviction.due(all, unsent.max(), nowNanos)) {
            slow.finish(() -> slow.sink.tooSlow(
                    "the client takes its events too slowly, and the store has no room for what it has"
                            + " not taken. Go on from the last event"));
        }
    }

    private static void gather(long untilNanos) {
        for (long left = untilNanos - System.nanoTime(); left > 0; left = untilNanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private void pause(long nanos) {
        if (!signalled.get() && tasks.isEmpty() && !stopping) {
            LockSupport.parkNanos(nanos);
        }
    }

    private boolean nobody() {
        return groups.isEmpty() && catchUp.isEmpty() && keyListeners.isEmpty() && lockListeners.isEmpty();
    }

    private String cursor(long[] position) {
        return Position.encode(map.state().clusterId(), position);
    }

    private void event(int shard, HistoryEvent event) {
        String cursor = null;
        for (Group group : groups.values()) {
            if (group.filter().wants(shard, event)) {
                cursor = cursor == null ? cursor(tails.at()) : cursor;
                group.filter().encoding().event(group.batch(), shard, event, cursor);
            }
        }
        switch (event.kind()) {
            case PUT, DELETE -> wake(keyListeners, event.key());
            case UNLOCKED -> wake(lockListeners, event.key());
            case LOCKED -> {}
        }
    }

    private static void wake(Map<String, List<Listener>> listeners, String name) {
        List<Listener> waiting = listeners.get(name);
        if (waiting != null) {
            waiting.forEach(Listener::wake);
        }
    }

    private void deliver(long[] before) {
        for (Group group : groups.values()) {
            for (Subscription behind : group.deliver(CatchUp.UNSENT_BYTES_MAX, unsent)) {
                behind.position = before.clone();
                catchUp.add(behind);
            }
        }
        groups.values().removeIf(group -> group.size() == 0);
    }

    private void join(Subscription level) {
        groups.computeIfAbsent(level.filter, Group::new).add(level);
    }

    private void makeReady() {
        unready.removeIf(listener -> {
            boolean known = tails.at()[listener.shard] >= 0;
            if (known) {
                listener.ready();
            }
            return known || listener.closed();
        });
    }

    /** The local history of a shard jumped: what lies between is unknown here. */
    private void compacted(int shard) {
        for (Group group : groups.values()) {
            if (group.filter().concerns(shard)) {
                group.all().forEach(member -> CatchUp.compacted(member, shard));
                group.sweep();
            }
        }
        keyListeners.values().forEach(list -> list.forEach(Listener::wake));
        lockListeners.values().forEach(list -> list.forEach(Listener::wake));
    }

    private void heartbeat() {
        String cursor = cursor(tails.at());
        for (Group group : groups.values()) {
            group.filter().encoding().progress(group.batch(), cursor);
        }
        deliver(tails.at());
        catchUp.heartbeat();
    }

    private void endConcerned(int shard) {
        String why = "this store hears nothing of shard " + shard + "; watch through another one";
        groups.values().stream()
                .filter(group -> group.filter().concerns(shard))
                .flatMap(group -> group.all().stream())
                .forEach(member -> member.finish(() -> member.sink.end(why)));
        catchUp.end(shard, why);
        sweep();
    }

    private void endAll(String why) {
        groups.values().stream()
                .flatMap(group -> group.all().stream())
                .forEach(member -> member.finish(() -> member.sink.end(why)));
        groups.clear();
        catchUp.end(-1, why);
    }

    /** Lets go of whoever is closed. */
    private void sweep() {
        groups.values().forEach(Group::sweep);
        groups.values().removeIf(group -> group.size() == 0);
        catchUp.sweep();
    }
}
