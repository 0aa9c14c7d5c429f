package dev.ashlar.raft.log;

import java.io.IOException;

/** Everything that was appended between two calls of {@link SharedLog#seal()}. */
public interface PendingSync {
    /**
     * Writes it and makes it durable with one fdatasync (two when a new segment begins in it). Call it once, on one thread
     * at a time, in the order of the seals.
     *
     * @throws IOException when anything fails. The log takes nothing more then: after a failed fsync nobody knows what is
     *     on the disk, so it is never tried again. The process should end.
     */
    void run() throws IOException;
}
