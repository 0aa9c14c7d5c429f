package dev.ashlar.raft.state;

import java.io.IOException;
import java.nio.file.Path;

import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** Turns what RocksDB says into words for an operator: which directory, what is wrong, what can be done. */
final class StateFaults {
    private StateFaults() {}

    static IOException cannotOpen(Path directory, RocksDBException e) {
        String text = "cannot open the state below " + directory + ": " + describe(e) + ". " + advice(e);
        return isDamage(e) ? new StateDamagedException(text, e) : new IOException(text, e);
    }

    static IOException newerFormat(Path directory, long found, long known) {
        return new IOException("the state below " + directory + " has format " + found
                + ", this version knows formats up to " + known
                + ". It was written by a newer version: start that one, or a later one, on this directory");
    }

    static IOException fault(String what, Path directory, RocksDBException e) {
        String text = "cannot " + what + " the state below " + directory + ": " + describe(e);
        boolean full = e.getStatus() != null && e.getStatus().getSubCode() == Status.SubCode.NoSpace;
        if (full) {
            return new StateDiskFullException(text, e);
        }
        return isDamage(e) ? new StateDamagedException(text, e) : new IOException(text, e);
    }

    /** Whether it says that the files are not what was written, and not only that the disk is full or the database closed. */
    static boolean isDamage(RocksDBException e) {
        Status status = e.getStatus();
        if (status == null) {
            return false;
        }
        String state = String.valueOf(status.getState());
        return status.getCode() == Status.Code.Corruption
                || (status.getCode() == Status.Code.IOError
                        && (state.contains("No such file") || state.contains("Input/output error")));
    }

    private static String advice(RocksDBException e) {
        String text = describe(e);
        // "block checksum mismatch" has a lock in it, too.
        if (!isDamage(e) && text.contains("lock")) {
            return "Another process, or another replica of this one, uses it: stop that first";
        }
        if (text.contains("No space") || text.contains("Permission") || text.contains("Read-only")) {
            return "Make the disk writable and start again; nothing was changed";
        }
        return "When the other replicas of the group are well, remove this replica with its directory and let it be"
                + " rebuilt from them; never copy single files into it";
    }

    static String describe(RocksDBException e) {
        Status status = e.getStatus();
        return status == null ? String.valueOf(e.getMessage()) : status.getCodeString() + " " + status.getState();
    }
}
