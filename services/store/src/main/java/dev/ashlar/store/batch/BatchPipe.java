package dev.ashlar.store.batch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import dev.ashlar.common.Limits;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.store.command.CommandCall;
import dev.ashlar.store.command.Outcome;
import dev.ashlar.store.kv.KvCommand;

/**
 * Takes writes in any number, has them applied, and gives the answers in the order of the writes.
 *
 * <ol>
 *   <li>Each shard has at most one group of writes on its way; the next goes when its answer is there. So writes of one key
 *       are applied in their order, and shards do not wait for each other.
 *   <li>An answer waits for those before it. What waits, in either direction, is bounded: when {@link #full()}, offer
 *       nothing until {@code emitted} was called.
 * </ol>
 *
 * <p>On one event loop.
 */
final class BatchPipe {
    static final int WINDOW_ITEMS = 2_048;
    static final long WINDOW_BYTES = 4L << 20;
    private static final int GROUP_ITEMS = 256;
    private static final long GROUP_BYTES = 1 << 20;

    /** Has writes of one shard applied, in their order: {@link dev.ashlar.store.command.ShardCommands#submit}. */
    @FunctionalInterface
    interface Submit {
        /** Calls {@code done} once with an outcome for each of them, or throws and does nothing. */
        void to(int shard, List<CommandCall> calls, Consumer<List<Outcome>> done);
    }

    private static final class Entry {
        private final String key;
        private final long bytes;
        private final Optional<CommandCall> call;
        private Outcome outcome;

        Entry(String key, long bytes, Optional<CommandCall> call) {
            this.key = key;
            this.bytes = bytes;
            this.call = call;
        }
    }

    private static final class Lane {
        private final Deque<Entry> waiting = new ArrayDeque<>();
        private boolean busy;
    }

    private final Submit submit;
    private final BiConsumer<String, Outcome> emit;
    private final Runnable emitted;
    private final Map<Integer, Lane> lanes = new HashMap<>();
    private final Deque<Entry> order = new ArrayDeque<>();
    private long bytes;
    private boolean stopped;

    /**
     * @param emit takes each answer, in order
     * @param emitted is called after one or more answers were given out
     */
    BatchPipe(Submit submit, BiConsumer<String, Outcome> emit, Runnable emitted) {
        this.submit = submit;
        this.emit = emit;
        this.emitted = emitted;
    }

    boolean full() {
        return order.size() >= WINDOW_ITEMS || bytes >= WINDOW_BYTES;
    }

    boolean isEmpty() {
        return order.isEmpty();
    }

    /** Nobody waits for answers any more: what has not been sent is dropped. */
    void stop() {
        stopped = true;
        lanes.values().forEach(lane -> lane.waiting.clear());
        order.clear();
    }

    /** An item that was refused before it had a command. */
    void refused(String key, ApiException problem) {
        Entry entry = new Entry(key, 0, Optional.empty());
        entry.outcome = new Outcome.Failed(problem);
        order.addLast(entry);
        give();
    }

    void offer(int shard, CommandCall call) {
        long size = call.command() instanceof KvCommand.Put put ? put.value().length + 256L : 256L;
        Entry entry = new Entry(BatchItem.key(call.command()), size, Optional.of(call));
        bytes += size;
        order.addLast(entry);
        Lane lane = lanes.computeIfAbsent(shard, any -> new Lane());
        lane.waiting.addLast(entry);
        send(shard, lane);
    }

    private void send(int shard, Lane lane) {
        if (lane.busy || lane.waiting.isEmpty()) {
            return;
        }
        List<Entry> group = new ArrayList<>();
        List<CommandCall> calls = new ArrayList<>();
        long groupBytes = 0;
        while (!lane.waiting.isEmpty()
                && group.size() < Math.min(GROUP_ITEMS, Limits.BATCH_COMMANDS_MAX)
                && (group.isEmpty() || groupBytes + lane.waiting.getFirst().bytes <= GROUP_BYTES)) {
            Entry entry = lane.waiting.removeFirst();
            group.add(entry);
            calls.add(entry.call.orElseThrow());
            groupBytes += entry.bytes;
        }
        lane.busy = true;
        try {
            submit.to(shard, calls, outcomes -> took(shard, lane, group, outcomes));
        } catch (ApiException refused) {
            // Whoever comes after it in the stream is served all the same.
            took(shard, lane, group, Collections.nCopies(group.size(), new Outcome.Failed(refused)));
        }
    }

    private void took(int shard, Lane lane, List<Entry> group, List<Outcome> outcomes) {
        lane.busy = false;
        if (stopped) {
            return;
        }
        for (int i = 0; i < group.size(); i++) {
            group.get(i).outcome = outcomes.get(i);
        }
        send(shard, lane);
        give();
    }

    private void give() {
        boolean any = false;
        while (!order.isEmpty() && order.getFirst().outcome != null) {
            Entry entry = order.removeFirst();
            bytes -= entry.bytes;
            emit.accept(entry.key, entry.outcome);
            any = true;
        }
        if (any) {
            emitted.run();
        }
    }
}
