package dev.ashlar.raft.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.ashlar.common.Limits;
import dev.ashlar.raft.Command;
import dev.ashlar.raft.wire.Operation;

/**
 * Commands of one group that wait to be proposed. Submitters on any thread offer; the engine takes batches. At most {@link
 * #IN_FLIGHT_MAX} entries are on their way at once; what arrives meanwhile becomes the next entry, so batches grow with the
 * load and nothing waits for a timer.
 */
final class CommandQueue {
    /** Entries of a group that are proposed and not yet applied. One would leave the disk idle while answers travel. */
    static final int IN_FLIGHT_MAX = 2;

    private final Queue<Command> commands = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicBoolean posted = new AtomicBoolean();

    /** Queues a command unless the queue is full. */
    boolean offer(Command command) {
        int length = command.bytes().length;
        int commandsNow = count.incrementAndGet();
        long bytesNow = bytes.addAndGet(length);
        if (commandsNow > Limits.SHARD_QUEUE_COMMANDS_MAX || bytesNow > Limits.SHARD_QUEUE_BYTES_MAX) {
            count.decrementAndGet();
            bytes.addAndGet(-length);
            return false;
        }
        commands.add(command);
        return true;
    }

    /**
     * Whether the submitter must wake the engine: true for the first after {@link #clearPosted}. Any thread; the engine calls it
     * when it will look again by itself.
     */
    boolean markPosted() {
        return !posted.get() && posted.compareAndSet(false, true);
    }

    /** The engine is about to look. */
    void clearPosted() {
        posted.set(false);
    }

    boolean isEmpty() {
        return commands.isEmpty();
    }

    /** The next batch; empty commands when there are none. Engine thread. */
    Operation.Batch take() {
        List<byte[]> encoded = new ArrayList<>();
        List<Command> origins = new ArrayList<>();
        long batchBytes = 0;
        while (encoded.size() < Limits.BATCH_COMMANDS_MAX) {
            Command next = commands.peek();
            if (next == null || (!encoded.isEmpty() && batchBytes + next.bytes().length > Limits.BATCH_BYTES_MAX)) {
                break;
            }
            commands.poll();
            batchBytes += next.bytes().length;
            encoded.add(next.bytes());
            origins.add(next);
        }
        count.addAndGet(-encoded.size());
        bytes.addAndGet(-batchBytes);
        return new Operation.Batch(encoded, origins);
    }

    /** Tells all that wait that nothing was appended. Engine thread. */
    void failAll(Command.Failure failure) {
        for (Operation.Batch batch = take(); !batch.commands().isEmpty(); batch = take()) {
            for (Command command : batch.origins()) {
                command.failed(failure);
            }
        }
    }
}
