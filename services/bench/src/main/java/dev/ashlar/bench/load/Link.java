package dev.ashlar.bench.load;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/**
 * A non-blocking connection, owned by one loop's thread. A protocol encodes into {@link #out}, calls {@link #flush} and gets
 * what arrives by {@link #received}.
 */
public abstract class Link {
    private static final int OUT_BYTES = 16 << 10;
    private static final int OUT_BYTES_MAX = 64 << 20;

    protected final Loop loop;
    private final SocketChannel channel;
    private final SelectionKey key;
    private ByteBuffer out = ByteBuffer.allocateDirect(OUT_BYTES);
    private boolean open = true;
    private boolean dirty;

    /** Starts to connect; bytes written before it is connected wait. */
    @SuppressWarnings("this-escape")
    protected Link(Loop loop, SocketAddress address) throws IOException {
        this.loop = loop;
        channel = SocketChannel.open();
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            boolean connected = channel.connect(address);
            key = channel.register(loop.selector(), connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Bytes from the server: {@code bytes[0..length)}, valid during this call only. */
    protected abstract void received(byte[] bytes, int length);

    /** The connection is gone; every client that waits on it must be completed with {@code outcome}. Called once. */
    protected abstract void lost(int outcome);

    /** True until the connection was closed by either side. */
    public final boolean isOpen() {
        return open;
    }

    /** The buffer to encode into, with room for {@code bytes} more. */
    protected final ByteBuffer out(int bytes) {
        if (out.remaining() < bytes) {
            int needed = out.position() + bytes;
            if (needed > OUT_BYTES_MAX) {
                throw new IllegalStateException("more than " + OUT_BYTES_MAX + " bytes wait on one connection");
            }
            ByteBuffer larger = ByteBuffer.allocateDirect(Math.max(needed, out.capacity() * 2));
            larger.put(out.flip());
            out = larger;
        }
        return out;
    }

    /** Sends at the end of the loop's turn, together with what else this turn encodes. */
    protected final void flushLater() {
        if (!dirty) {
            dirty = true;
            loop.flushAtEndOfTurn(this);
        }
    }

    /** Sends now as much as the socket takes, the rest when it has room. */
    protected final void flush() {
        dirty = false;
        if (!open || out.position() == 0 || !channel.isConnected()) {
            return;
        }
        try {
            out.flip();
            channel.write(out);
            out.compact();
            int interest = out.position() > 0 ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
            if (key.interestOps() != interest) {
                key.interestOps(interest);
            }
        } catch (IOException e) {
            out.clear();
            close(Outcome.IO);
        }
    }

    /** The selector found the connection ready. */
    final void ready(ByteBuffer buffer, byte[] bytes) {
        try {
            if (key.isConnectable()) {
                channel.finishConnect();
                key.interestOps(SelectionKey.OP_READ);
                flush();
                return;
            }
            if (key.isWritable()) {
                flush();
            }
            if (open && key.isReadable()) {
                read(buffer, bytes);
            }
        } catch (IOException e) {
            close(Outcome.IO);
        }
    }

    private void read(ByteBuffer buffer, byte[] bytes) throws IOException {
        buffer.clear();
        int n = channel.read(buffer);
        if (n < 0) {
            close(Outcome.IO);
        } else if (n > 0) {
            buffer.flip();
            buffer.get(bytes, 0, n);
            received(bytes, n);
        }
    }

    /** Closes; clients that wait on the connection end with {@code outcome}. */
    public final void close(int outcome) {
        if (!open) {
            return;
        }
        open = false;
        loop.forget(this);
        try {
            key.cancel();
            channel.close();
        } catch (IOException e) {
            // The descriptor is released in any case, and nobody waits for this answer.
        }
        lost(outcome);
    }
}
