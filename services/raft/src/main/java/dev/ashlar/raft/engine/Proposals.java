package dev.ashlar.raft.engine;

import java.util.concurrent.CompletableFuture;

import dev.ashlar.raft.Command;
import dev.ashlar.raft.wire.Operation;

/**
 * The way of a group's commands into the log: they wait in a {@link CommandQueue}, and what waits is proposed as one entry when
 * fewer than {@link CommandQueue#IN_FLIGHT_MAX} are in flight. A submitter wakes the engine only when nothing else will look: the
 * end of an entry in flight does.
 *
 * <p>{@link #submit} is called from any thread, everything else on the engine thread.
 */
final class Proposals {
    /** Appends a batch to the log; completes when it is applied, or with a failure that {@link Futures#failureOf} explains. */
    interface Replicator {
        CompletableFuture<?> replicate(Operation.Batch batch);
    }

    private final Engine engine;
    private final Replicator replicator;
    private final Runnable pumpLater;
    private final CommandQueue queue = new CommandQueue();
    private int inFlight;

    /** @param pumpLater has the group look, in this turn or when the sync that runs has ended, whether it may {@link #propose} */
    Proposals(Engine engine, Replicator replicator, Runnable pumpLater) {
        this.engine = engine;
        this.replicator = replicator;
        this.pumpLater = pumpLater;
    }

    /** Queues a command, or tells it that the queue is full. */
    void submit(Command command) {
        if (!queue.offer(command)) {
            command.failed(Command.Failure.OVERLOADED);
        } else if (queue.markPosted()) {
            engine.post(pumpLater);
        }
    }

    /** Proposes what waits, as far as entries may be in flight. For a leader only. */
    void propose() {
        while (inFlight < CommandQueue.IN_FLIGHT_MAX) {
            queue.clearPosted();
            if (queue.isEmpty()) {
                return;
            }
            if (engine.log().full()) {
                queue.failAll(Command.Failure.DISK_FULL);
                return;
            }
            propose(queue.take());
        }
        // The end of an entry in flight looks again.
        queue.markPosted();
    }

    private void propose(Operation.Batch batch) {
        inFlight++;
        replicator.replicate(batch).whenComplete((index, error) -> {
            inFlight--;
            pumpLater.run();
            if (error != null) {
                Command.Failure failure = Futures.failureOf(error);
                batch.origins().forEach(command -> command.failed(failure));
            }
        });
    }

    /** This replica does not lead: tells all that wait. Entries in flight may never end, so the next to submit wakes the engine. */
    void refuse() {
        queue.clearPosted();
        queue.failAll(Command.Failure.NOT_LEADER);
    }

    /** This replica has stopped for good: tells all that wait. */
    void halted() {
        queue.failAll(Command.Failure.NOT_LEADER);
    }
}
