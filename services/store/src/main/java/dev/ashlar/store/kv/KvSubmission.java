package dev.ashlar.store.kv;

import java.util.Objects;
import java.util.Optional;

import dev.ashlar.raft.Command;

/**
 * A command on its way through the log of its shard. On the replica that submitted it the state machine takes the
 * decoded command from here; {@link #bytes()} is only what the others see.
 */
public final class KvSubmission implements Command {
    private final KvEnvelope envelope;
    private final byte[] bytes;
    private final KvCallback callback;

    private KvSubmission(KvEnvelope envelope, KvCallback callback) {
        this.envelope = envelope;
        this.bytes = KvCommandCodec.encode(envelope);
        this.callback = Objects.requireNonNull(callback);
    }

    /**
     * Makes a submission of a command.
     *
     * @param nowMs the submitter's wall clock in milliseconds since 1970
     * @param idempotencyKey see api.md; at most {@code Limits.IDEMPOTENCY_KEY_BYTES_MAX} bytes
     * @throws dev.ashlar.common.error.ApiException when the idempotency key is not valid
     */
    public static KvSubmission of(KvCommand command, long nowMs, Optional<String> idempotencyKey, KvCallback callback) {
        return new KvSubmission(KvEnvelope.of(command, nowMs, idempotencyKey), callback);
    }

    /** Makes a submission of a command that counts only while its writer holds a lock. */
    public static KvSubmission of(
            KvCommand command,
            long nowMs,
            Optional<String> idempotencyKey,
            Optional<Fence> fence,
            KvCallback callback) {
        return new KvSubmission(KvEnvelope.of(command, nowMs, idempotencyKey, fence), callback);
    }

    /** What is submitted. */
    public KvCommand command() {
        return envelope.command();
    }

    KvEnvelope envelope() {
        return envelope;
    }

    void applied(KvResult result) {
        callback.applied(result);
    }

    @Override
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public void failed(Failure failure) {
        callback.failed(failure);
    }
}
