package dev.ashlar.store.command;

import java.util.Optional;

import dev.ashlar.store.kv.Fence;
import dev.ashlar.store.kv.Keys;
import dev.ashlar.store.kv.KvCommand;

/** A command with what its client said about it. Throws {@link dev.ashlar.common.error.ApiException} when the key is not valid. */
public record CommandCall(KvCommand command, Optional<String> idempotencyKey, Optional<Fence> fence) {
    public CommandCall {
        idempotencyKey.ifPresent(Keys::checkIdempotencyKey);
    }

    public static CommandCall of(KvCommand command) {
        return new CommandCall(command, Optional.empty(), Optional.empty());
    }
}
