package dev.ashlar.store.kv;

import java.util.Objects;
import java.util.Optional;

/**
 * A command with what the log must know about it.
 *
 * @param command what to do
 * @param stampMs the submitter's wall clock in milliseconds since 1970; the shard's own time never goes back
 * @param idempotencyKey empty when the client gave none
 * @param requestHash a hash of the command when there is an idempotency key, else 0: the same key with another request
 *     is a mistake of the client
 * @param fence the lock that the writer says it holds; checked when the command is applied
 */
record KvEnvelope(KvCommand command, long stampMs, String idempotencyKey, long requestHash, Optional<Fence> fence) {
    KvEnvelope {
        Objects.requireNonNull(command);
        if (stampMs < 0) {
            throw new IllegalArgumentException("a stamp is not negative: " + stampMs);
        }
    }

    KvEnvelope(KvCommand command, long stampMs, String idempotencyKey, long requestHash) {
        this(command, stampMs, idempotencyKey, requestHash, Optional.empty());
    }

    static KvEnvelope of(KvCommand command, long stampMs, Optional<String> idempotencyKey) {
        return of(command, stampMs, idempotencyKey, Optional.empty());
    }

    static KvEnvelope of(KvCommand command, long stampMs, Optional<String> idempotencyKey, Optional<Fence> fence) {
        if (idempotencyKey.isEmpty()) {
            return new KvEnvelope(command, stampMs, "", 0, fence);
        }
        String key = idempotencyKey.get();
        Keys.checkIdempotencyKey(key);
        return new KvEnvelope(command, stampMs, key, KvCommandCodec.hash(command), fence);
    }
}
