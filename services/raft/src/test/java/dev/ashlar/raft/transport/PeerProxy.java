package dev.ashlar.raft.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One faulty cable: listens on a loopback port and forwards to another, both ways, as it is told. Faults may change at any
 * time and hold for open connections too.
 */
public final class PeerProxy implements AutoCloseable {
    /** What becomes of the traffic. */
    public enum Fault {
        NONE,
        /** Connections are closed, new ones too: as a process that is gone. */
        CUT,
        /** Connections stay open and nothing passes: as a network that drops every packet. */
        DROP,
        /** Nothing passes from the dialler to the acceptor; answers do. */
        DROP_FORTH,
        /** Nothing passes from the acceptor to the dialler. */
        DROP_BACK
    }

    /** Sees, and may change, what passes. */
    public interface Tap {
        /**
         * Called for each piece.
         *
         * @param forth from the dialler to the acceptor
         * @param offset of the first byte within its direction of its connection
         * @return how many bytes pass; fewer than {@code length} closes the connection after them
         */
        int pass(boolean forth, long offset, byte[] bytes, int length);
    }

    private final ServerSocket listener;
    private final int targetPort;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile Fault fault = Fault.NONE;
    private volatile long delayMs;
    private volatile Tap tap = (forth, offset, bytes, length) -> length;

    public PeerProxy(int targetPort) {
        this.targetPort = targetPort;
        try {
            listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Connections that lived under a fault which lost bytes are closed, as their streams have a gap. */
    public void set(Fault next) {
        Fault before = fault;
        fault = next;
        if (next == Fault.CUT || before != Fault.NONE) {
            sockets.forEach(PeerProxy::closeQuietly);
        }
    }

    /** Each piece of up to 64 KiB is held for so long. */
    public void delay(long ms) {
        delayMs = ms;
    }

    public void tap(Tap next) {
        tap = next;
    }

    /** Closes what is open; new connections pass. */
    public void breakConnections() {
        sockets.forEach(PeerProxy::closeQuietly);
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        breakConnections();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket near = listener.accept();
                if (fault == Fault.CUT) {
                    near.close();
                    continue;
                }
                Socket far = new Socket(InetAddress.getLoopbackAddress(), targetPort);
                near.setTcpNoDelay(true);
                far.setTcpNoDelay(true);
                sockets.add(near);
                sockets.add(far);
                Thread.ofVirtual().start(() -> pump(near, far, true));
                Thread.ofVirtual().start(() -> pump(far, near, false));
            } catch (IOException e) {
                // the listener is closed, or the target is down: the dialler sees a closed connection
            }
        }
    }

    private void pump(Socket from, Socket to, boolean forth) {
        byte[] piece = new byte[64 << 10];
        long offset = 0;
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                if (delayMs > 0) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(delayMs));
                }
                if (drops(forth)) {
                    continue;
                }
                int passing = tap.pass(forth, offset, piece, count);
                out.write(piece, 0, passing);
                if (passing < count) {
                    return;
                }
                offset += count;
            }
        } catch (IOException e) {
            // the other pump, a fault or a peer has closed it
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private boolean drops(boolean forth) {
        return switch (fault) {
            case NONE, CUT -> false;
            case DROP -> true;
            case DROP_FORTH -> forth;
            case DROP_BACK -> !forth;
        };
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
