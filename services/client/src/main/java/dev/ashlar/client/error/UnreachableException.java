package dev.ashlar.client.error;

/** Nobody could be asked: nothing was done. */
public final class UnreachableException extends AshlarException {
    private static final long serialVersionUID = 1;

    private final boolean untrusted;

    /** @param untrusted whether a server was there whose certificate is not believed */
    public UnreachableException(String detail, boolean untrusted) {
        super("unreachable", 0, detail);
        this.untrusted = untrusted;
    }

    /** Whether a server was there whose certificate is of an authority that is not believed. */
    public boolean untrusted() {
        return untrusted;
    }
}
