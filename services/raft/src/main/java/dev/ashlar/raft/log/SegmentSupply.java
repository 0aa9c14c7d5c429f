package dev.ashlar.raft.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the next segment ready before it is needed, takes back those that are needed no more, and watches the free space. Its thread
 * waits without a timeout unless the disk is full; then it looks each second.
 */
final class SegmentSupply implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentSupply.class);
    private static final long FULL_POLL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final SegmentFiles files;
    private final LogOptions options;
    private final Disk disk;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("raft-log-supply").unstarted(this::work);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Segment> returned = new ArrayDeque<>();
    private Segment next;
    private long nextNumber;
    private long uncheckedBytes;
    private boolean checkDue = true;
    private boolean closed;
    private IOException failure;
    private volatile boolean full;

    /** Only the thread of this: a file to be used again. */
    private Path free;

    SegmentSupply(SegmentFiles files, LogOptions options, Disk disk) {
        this.files = files;
        this.options = options;
        this.disk = disk;
    }

    /** Starts preparing. {@code next} may be null. */
    void start(Segment prepared, long number) {
        next = prepared;
        nextNumber = number;
        thread.start();
    }

    boolean full() {
        return full;
    }

    boolean ready() {
        lock.lock();
        try {
            return next != null;
        } finally {
            lock.unlock();
        }
    }

    /** Takes the next segment. Waits while it is being prepared; null when the disk is full. */
    Segment take() throws IOException {
        lock.lock();
        try {
            while (next == null && !full && failure == null && !closed) {
                changed.awaitUninterruptibly();
            }
            if (failure != null) {
                throw new IOException("cannot prepare a log segment: " + failure.getMessage(), failure);
            }
            Segment taken = next;
            next = null;
            if (taken != null) {
                nextNumber = taken.number + 1;
                changed.signalAll();
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Takes segments back that no start needs any more, oldest first. */
    void giveBack(List<Segment> segments) {
        if (segments.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            returned.addAll(segments);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Tells of bytes written, since other users of the disk tend to write as much. */
    void written(long bytes) {
        lock.lock();
        try {
            uncheckedBytes += bytes;
            if (uncheckedBytes >= options.segmentBytes() / 8) {
                uncheckedBytes = 0;
                checkDue = true;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        try {
            while (awaitWork()) {
                takeBack();
                check();
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.error("The write-ahead log in {} cannot prepare segments any more", files.dir, e);
            lock.lock();
            try {
                failure = e instanceof IOException io ? io : ((UncheckedIOException) e).getCause();
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** False when it is time to end. */
    private boolean awaitWork() {
        lock.lock();
        try {
            long left = FULL_POLL_NANOS;
            while (!closed && returned.isEmpty() && !checkDue && (next != null || full) && left > 0) {
                if (full) {
                    try {
                        left = changed.awaitNanos(left);
                    } catch (InterruptedException ignored) {
                        // Nobody has a reason to interrupt this thread; look at the disk now.
                        left = 0;
                    }
                } else {
                    changed.awaitUninterruptibly();
                }
            }
            checkDue = false;
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void takeBack() throws IOException {
        for (Segment segment = poll(); segment != null; segment = poll()) {
            Path file = files.retire(segment);
            if (free == null && segment.size == options.segmentBytes()) {
                free = file;
            } else {
                files.delete(file, segment.size);
            }
        }
    }

    private Segment poll() {
        lock.lock();
        try {
            return returned.poll();
        } finally {
            lock.unlock();
        }
    }

    private void check() throws IOException {
        boolean room = true;
        if (!ready()) {
            Segment prepared = prepare();
            room = prepared != null;
            if (room) {
                lock.lock();
                try {
                    next = prepared;
                    changed.signalAll();
                } finally {
                    lock.unlock();
                }
            }
        }
        setFull(!room || !enough(0));
    }

    private Segment prepare() throws IOException {
        int size = (int) options.segmentBytes();
        long number;
        lock.lock();
        try {
            number = nextNumber;
        } finally {
            lock.unlock();
        }
        try {
            if (free != null) {
                Segment recycled = files.recycle(free, number, size);
                free = null;
                return recycled;
            }
            return enough(size) ? files.create(number, size) : null;
        } catch (IOException e) {
            if (Disk.noSpace(e)) {
                return null;
            }
            throw e;
        }
    }

    /** Once full, a little more than the limit must be free, so that the state does not flicker. */
    private boolean enough(long bytes) throws IOException {
        long least = options.minFreeBytes() + (full ? options.minFreeBytes() / 8 : 0);
        return disk.usableBytes(files.dir) >= least + bytes;
    }

    private void setFull(boolean now) {
        if (now == full) {
            return;
        }
        if (now) {
            LOG.warn("The disk of the write-ahead log in {} is full: no new entries until there is room", files.dir);
        } else {
            LOG.info("The disk of the write-ahead log in {} has room again", files.dir);
        }
        lock.lock();
        try {
            full = now;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        for (Segment segment : returned) {
            segment.close();
        }
        if (next != null) {
            next.close();
        }
    }
}
