package dev.ashlar.raft.log;

import java.io.IOException;
import java.nio.file.Path;

/** The log was written by a newer version, which this one cannot read. */
public final class LogFormatException extends IOException {
    LogFormatException(Path file, int version, int known) {
        super("The write-ahead log segment " + file + " has format version " + version
                + ", this process knows versions up to " + known
                + ". It was written by a newer version of Ashlar: start that version or a newer one again.");
    }
}
