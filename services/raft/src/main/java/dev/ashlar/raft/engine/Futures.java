package dev.ashlar.raft.engine;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import io.microraft.exception.CannotReplicateException;
import io.microraft.exception.NotLeaderException;

import dev.ashlar.raft.Command;
import dev.ashlar.raft.log.LogFullException;

/** What MicroRaft's failures mean to a client. */
final class Futures {
    private Futures() {}

    static void complete(CompletableFuture<Void> done, Throwable error) {
        if (error == null) {
            done.complete(null);
        } else {
            done.completeExceptionally(new IllegalStateException(unwrap(error).getMessage(), unwrap(error)));
        }
    }

    /** Only where it is certain that nothing was appended, or that what was appended is gone, is the outcome known. */
    static Command.Failure failureOf(Throwable error) {
        Throwable cause = unwrap(error);
        return switch (cause) {
            case NotLeaderException e -> Command.Failure.NOT_LEADER;
            case CannotReplicateException e -> Command.Failure.NOT_LEADER;
            default -> isLogFull(cause) ? Command.Failure.DISK_FULL : Command.Failure.UNKNOWN;
        };
    }

    private static boolean isLogFull(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof LogFullException) {
                return true;
            }
        }
        return false;
    }

    private static Throwable unwrap(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }
}
