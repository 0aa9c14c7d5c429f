package dev.ashlar.client.error;

import java.util.OptionalLong;

/** The condition of a write did not hold ({@code revision_mismatch}, {@code exists}): nothing was changed. */
public final class PreconditionFailedException extends AshlarException {
    private static final long serialVersionUID = 1;

    private final long currentRevision;

    /** @param currentRevision of the key, or -1 when there is no such key */
    public PreconditionFailedException(String code, int status, String detail, long currentRevision) {
        super(code, status, detail);
        this.currentRevision = currentRevision;
    }

    /** The revision that the key has; empty when there is no such key. */
    public OptionalLong currentRevision() {
        return currentRevision < 0 ? OptionalLong.empty() : OptionalLong.of(currentRevision);
    }
}
