package dev.ashlar.raft.transport;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;

/** A socket that a blocking thread writes to; it waits while more than a window of bytes is under way. */
final class SocketOutput implements SnapshotWire.Output {
    private final NetSocket socket;
    private final Context loop;
    private final long idleMs;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long underWayBytes;
    private boolean failed;

    SocketOutput(NetSocket socket, Context loop, long idleMs) {
        this.socket = socket;
        this.loop = loop;
        this.idleMs = idleMs;
    }

    @Override
    public void write(Buffer record) throws IOException {
        awaitAtMost(TransportLimits.STREAM_WINDOW_BYTES_MAX);
        int bytes = record.length();
        lock.lock();
        try {
            underWayBytes += bytes;
        } finally {
            lock.unlock();
        }
        loop.runOnContext(_ -> socket.write(record).onComplete(written -> settled(bytes, written.failed())));
    }

    /** Waits until the socket has taken everything. */
    void flush() throws IOException {
        awaitAtMost(0);
    }

    /** The socket has been closed: whoever waits, fails. */
    void ended() {
        settled(0, true);
    }

    private void settled(int bytes, boolean failure) {
        lock.lock();
        try {
            underWayBytes -= bytes;
            failed |= failure;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** The clock starts anew whenever the peer has taken something. */
    private void awaitAtMost(long bytes) throws IOException {
        lock.lock();
        try {
            while (underWayBytes > bytes && !failed) {
                long before = underWayBytes;
                if (!changed.await(idleMs, TimeUnit.MILLISECONDS) && underWayBytes == before) {
                    throw new SocketTimeoutException("the peer took nothing for " + idleMs + " ms");
                }
            }
            if (failed) {
                throw new EOFException("the connection was closed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            lock.unlock();
        }
    }
}
