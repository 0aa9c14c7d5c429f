package dev.ashlar.coordinator.group;

import java.util.concurrent.CompletableFuture;

import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.coordinator.state.Applied.Outcome;
import dev.ashlar.raft.Command;

/** A command that somebody waits for. The future ends with an outcome, or with an {@link ApiException}. */
final class Proposal implements Command {
    private final byte[] bytes;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

    Proposal(byte[] bytes) {
        this.bytes = bytes;
    }

    CompletableFuture<Outcome> outcome() {
        return outcome;
    }

    void applied(Outcome result) {
        outcome.complete(result);
    }

    @Override
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public void failed(Failure failure) {
        outcome.completeExceptionally(
                switch (failure) {
                    case NOT_LEADER -> new ApiException(ErrorCode.NO_LEADER, "this coordinator does not lead", 500);
                    case OVERLOADED ->
                        new ApiException(ErrorCode.TOO_MANY_REQUESTS, "the coordinator has too much to do", 1_000);
                    case DISK_FULL ->
                        new ApiException(ErrorCode.DISK_FULL, "the disk of the coordinator is full", 5_000);
                    case UNKNOWN ->
                        new ApiException(
                                ErrorCode.TIMEOUT,
                                "the coordinator lost its leadership: whether it was done is not known",
                                500);
                });
    }
}
