package dev.ashlar.raft.transport;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;

/**
 * A socket as a stream that a blocking thread reads. The socket is paused while the reader lags behind, so little is held
 * in memory.
 */
final class SocketInput extends InputStream {
    private final NetSocket socket;
    private final Context loop;
    private final long idleMs;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Buffer> parts = new ArrayDeque<>();
    private int headRead;
    private int heldBytes;
    private boolean paused;
    private boolean ended;

    /** On the event loop, as {@link #listen} and {@link #received}. */
    SocketInput(NetSocket socket, Context loop, long idleMs) {
        this.socket = socket;
        this.loop = loop;
        this.idleMs = idleMs;
    }

    /**
     * Takes what the socket delivers from now on. The end must come from the end handler: the close handler overtakes what
     * the socket still holds while it is paused, and would cut off the last bytes of a whole stream.
     */
    void listen() {
        socket.handler(this::received);
        socket.endHandler(_ -> ended());
    }

    void received(Buffer part) {
        lock.lock();
        try {
            if (part.length() == 0) {
                return;
            }
            parts.add(part);
            heldBytes += part.length();
            if (heldBytes > TransportLimits.STREAM_WINDOW_BYTES_MAX && !paused) {
                paused = true;
                socket.pause();
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void ended() {
        lock.lock();
        try {
            ended = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** Fails with {@link EOFException} at the end: a stream always says itself when it is done. */
    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        lock.lock();
        try {
            awaitPart();
            Buffer head = parts.peek();
            int count = Math.min(length, head.length() - headRead);
            head.getBytes(headRead, headRead + count, into, offset);
            headRead += count;
            if (headRead == head.length()) {
                parts.poll();
                headRead = 0;
                heldBytes -= head.length();
                if (paused && heldBytes < TransportLimits.STREAM_WINDOW_BYTES_MAX / 2) {
                    paused = false;
                    loop.runOnContext(_ -> socket.resume());
                }
            }
            return count;
        } finally {
            lock.unlock();
        }
    }

    private void awaitPart() throws IOException {
        long nanos = TimeUnit.MILLISECONDS.toNanos(idleMs);
        while (parts.isEmpty()) {
            if (ended) {
                throw new EOFException("the connection was closed");
            }
            if (nanos <= 0) {
                throw new SocketTimeoutException("nothing came for " + idleMs + " ms");
            }
            try {
                nanos = changed.awaitNanos(nanos);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }
}
