package dev.ashlar.common.disk;

/** The process cannot start; the message tells its operator why and what can be done. Has no stack trace. */
public final class StartRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public StartRefusedException(String message) {
        super(message, null, false, false);
    }
}
