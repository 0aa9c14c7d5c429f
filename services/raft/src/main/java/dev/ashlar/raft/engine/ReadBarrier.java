package dev.ashlar.raft.engine;

import java.util.Optional;
import java.util.function.Consumer;

import io.microraft.QueryPolicy;
import io.microraft.impl.statemachine.NoOp;

import dev.ashlar.raft.Command;

/**
 * A read that the lease does not cover waits for this, once.
 *
 * <ol>
 *   <li>MicroRaft confirms with a majority that this replica still leads, and applies what was committed when it was asked.
 *   <li>At the end of that turn it is visible to readers, and they go on. But not if the replica has stopped meanwhile:
 *       MicroRaft goes on when a state failed, and counts that as applied.
 * </ol>
 *
 * <p>Runs, and tells the outcome, on the engine thread.
 */
final class ReadBarrier implements Runnable {
    private final Engine engine;
    private final Group group;
    private final Runnable ready;
    private final Consumer<Command.Failure> failed;

    ReadBarrier(Engine engine, Group group, Runnable ready, Consumer<Command.Failure> failed) {
        this.engine = engine;
        this.group = group;
        this.ready = ready;
        this.failed = failed;
    }

    @Override
    public void run() {
        engine.touch(group);
        if (group.isStopped()) {
            failed.accept(Command.Failure.NOT_LEADER);
            return;
        }
        group.node()
                .query(NoOp.INSTANCE, QueryPolicy.LINEARIZABLE, Optional.empty(), Optional.empty())
                .whenComplete((done, error) -> {
                    if (error == null) {
                        engine.touch(group);
                        engine.afterTurn(this::passed);
                    } else {
                        failed.accept(Command.Failure.NOT_LEADER);
                    }
                });
    }

    private void passed() {
        if (group.isStopped()) {
            failed.accept(Command.Failure.NOT_LEADER);
        } else {
            ready.run();
        }
    }
}
