package dev.ashlar.client.error;

import java.util.Optional;

/**
 * A write may have been applied, or may still be, or not: no answer that says so came before the time was over. Read the key
 * to know, or repeat the write with the same idempotency key (within an hour it applies once).
 */
public final class UnknownOutcomeException extends AshlarException {
    private static final long serialVersionUID = 1;

    private final String idempotencyKey;

    /** @param idempotencyKey that the write carried, or empty */
    public UnknownOutcomeException(String detail, Optional<String> idempotencyKey) {
        super("timeout", 0, detail);
        this.idempotencyKey = idempotencyKey.orElse("");
    }

    /** The key under which the write may be repeated; empty for a call that needs none (locks). */
    public Optional<String> idempotencyKey() {
        return idempotencyKey.isEmpty() ? Optional.empty() : Optional.of(idempotencyKey);
    }
}
