package dev.ashlar.common.backup;

import java.io.IOException;

/** A backup is not whole, not what was written, or of a format that this version does not know. */
public final class BackupException extends IOException {
    private static final long serialVersionUID = 1;

    public BackupException(String message) {
        super(message);
    }
}
