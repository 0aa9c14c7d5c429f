package dev.ashlar.raft.state;

import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.StampedLock;

/**
 * Keeps native calls away from a database that is being closed or swapped: one on a closed database would end the
 * process. Entering costs a volatile read and a compare-and-set.
 *
 * <p>New readers overtake a waiting writer in a {@link StampedLock}, so under load it might wait for ever. Hence the
 * gate: from the moment someone asks to be alone, readers who come queue before it.
 */
final class DatabaseGuard {
    private final StampedLock lock = new StampedLock();
    private final ReentrantLock gate = new ReentrantLock();
    private volatile boolean closing;

    /** To be followed by {@link #exit} with its result. Not reentrant. */
    @SuppressWarnings("LockNotBeforeTry") // Passing the gate is all that is wanted of it.
    long enter() {
        if (closing) {
            gate.lock();
            gate.unlock();
        }
        return lock.readLock();
    }

    void exit(long stamp) {
        lock.unlockRead(stamp);
    }

    /** Waits until nobody is inside and keeps everybody out until {@link #leaveAlone}. */
    @SuppressWarnings("LockNotBeforeTry") // Released by leaveAlone.
    long enterAlone() {
        gate.lock();
        closing = true;
        return lock.writeLock();
    }

    void leaveAlone(long stamp) {
        lock.unlockWrite(stamp);
        closing = false;
        gate.unlock();
    }

    /** Whether someone waits to be alone, or is. Long work inside should end then. */
    boolean closing() {
        return closing;
    }
}
