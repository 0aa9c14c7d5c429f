package dev.ashlar.store.kv;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;

import dev.ashlar.common.Limits;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;

/**
 * A command with what the log must know about it.
 *
 * @param command what to do
 * @param stampMs the submitter's wall clock in milliseconds since 1970; the shard's own time never goes back
 * @param idempotencyKey empty when the client gave none
 * @param requestHash a hash of the command when there is an idempotency key, else 0: the same key with another request
 *     is a mistake of the client
 */
record KvEnvelope(KvCommand command, long stampMs, String idempotencyKey, long requestHash) {
    KvEnvelope {
        Objects.requireNonNull(command);
        if (stampMs < 0) {
            throw new IllegalArgumentException("a stamp is not negative: " + stampMs);
        }
    }

    static KvEnvelope of(KvCommand command, long stampMs, Optional<String> idempotencyKey) {
        if (idempotencyKey.isEmpty()) {
            return new KvEnvelope(command, stampMs, "", 0);
        }
        String key = idempotencyKey.get();
        if (key.isEmpty()
                || key.getBytes(StandardCharsets.UTF_8).length > Limits.IDEMPOTENCY_KEY_BYTES_MAX
                || Keys.utf8Length(key) < 0) {
            throw new ApiException(
                    ErrorCode.INVALID_ARGUMENT,
                    "Idempotency-Key must have 1 to " + Limits.IDEMPOTENCY_KEY_BYTES_MAX + " bytes");
        }
        return new KvEnvelope(command, stampMs, key, KvCommandCodec.hash(command));
    }
}
