package dev.ashlar.access.token;

/** A file of tokens that cannot be used. The message says where and why, and quotes nothing of a token. */
public final class BadTokenFileException extends Exception {
    private static final long serialVersionUID = 1;

    BadTokenFileException(String message) {
        super(message, null, false, false);
    }
}
