package dev.ashlar.raft.transport;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.ashlar.common.Limits;

/**
 * What this process sends to one peer.
 *
 * <ol>
 *   <li>{@code IDLE}: no connection and none wanted. A published frame dials, or a wish for a connection.
 *   <li>{@code DIALING}: frames wait in the queue.
 *   <li>{@code UP}: frames leave as the socket takes them. A lost connection drops what waits and leads to backoff.
 *   <li>{@code BACKOFF}: frames are dropped at once. At its end a new dial follows, if any frame wanted to leave. It ends at once when
 *       the peer dials this process.
 *   <li>{@code CLOSED}: for good.
 * </ol>
 *
 * Frames that wait behind a connection that failed are dropped rather than sent late: Raft has long repeated them.
 * {@link #send} and {@link #publish} belong to the engine thread, all the rest to the event loop.
 */
final class OutboundPeer {
    private static final Logger LOG = LoggerFactory.getLogger(OutboundPeer.class);

    private enum State {
        IDLE,
        DIALING,
        UP,
        BACKOFF,
        CLOSED
    }

    final String nodeId;
    /** Whether the event loop has been told of published frames. */
    final AtomicBoolean announced = new AtomicBoolean();

    private final Local local;
    private final PeerQueue queue = new PeerQueue(Limits.PEER_QUEUE_BYTES_MAX);
    private final LongAdder dropped = new LongAdder();
    private final Backoff backoff;
    private volatile State state = State.IDLE;
    private volatile boolean wanted;
    private volatile String lastError = "";

    private Dialer dialer;
    private NetSocket socket;
    private long incarnation;
    private long backoffTimer;
    private long quietNanos;
    private long unusedNanos;

    OutboundPeer(Local local, String nodeId) {
        this.local = local;
        this.nodeId = nodeId;
        this.backoff =
                new Backoff(local.timings().backoffMinMs(), local.timings().backoffMaxMs());
    }

    /** Engine thread. */
    void send(byte[] frame) {
        if (state == State.BACKOFF || state == State.CLOSED) {
            wanted = true;
            drop(1);
        } else if (!queue.stage(frame)) {
            drop(1);
        }
    }

    /** A connection is wanted, whether there are frames or not. Engine thread; {@link #publish} follows. */
    void want() {
        wanted = true;
    }

    /** Event loop: the peer has dialled this process, so the rest of a backoff would be waited for in vain. */
    void isThere(Dialer with) {
        if (state == State.BACKOFF) {
            local.vertx().cancelTimer(backoffTimer);
            dialer = with;
            wanted = true;
            state = State.IDLE;
            dial();
        }
    }

    /** Engine thread, at the end of a turn. True when the event loop must be told. */
    boolean publish() {
        queue.publish();
        return announced.compareAndSet(false, true);
    }

    /** Event loop: frames were published. */
    void drain(Dialer with) {
        announced.set(false);
        dialer = with;
        switch (state) {
            case IDLE -> dial();
            case DIALING -> {}
            case UP -> write();
            case BACKOFF, CLOSED -> {
                wanted = true;
                drop(queue.dropPending());
            }
        }
    }

    private void dial() {
        if (queue.isEmpty() && !wanted) {
            return;
        }
        state = State.DIALING;
        wanted = false;
        dialer.dial(nodeId, Handshake.Purpose.FRAMES).onComplete(opened -> {
            if (state == State.CLOSED) {
                if (opened.succeeded()) {
                    opened.result().socket().close();
                }
            } else if (opened.failed()) {
                local.counters().connectsFailed.increment();
                down(opened.cause().getMessage());
            } else {
                up(opened.result());
            }
        });
    }

    private void up(Dialer.Accepted accepted) {
        socket = accepted.socket();
        incarnation = accepted.incarnation();
        quietNanos = 0;
        unusedNanos = 0;
        FrameReader answers = new FrameReader(new Pongs());
        socket.setWriteQueueMaxSize(TransportLimits.SOCKET_QUEUE_BYTES_MAX);
        socket.drainHandler(_ -> write());
        socket.closeHandler(_ -> {
            if (state == State.UP) {
                down("connection lost");
            }
        });
        socket.handler(part -> {
            quietNanos = 0;
            try {
                answers.feed(part);
            } catch (ProtocolException e) {
                local.counters().protocolErrors.increment();
                disconnect(e.getMessage());
            }
        });
        local.counters().connects.increment();
        backoff.reset();
        lastError = "";
        state = State.UP;
        LOG.debug("connected to {}", nodeId);
        write();
        local.handler().onReachable(nodeId);
    }

    private void write() {
        while (state == State.UP && !socket.writeQueueFull()) {
            List<byte[]> frames = queue.take(TransportLimits.WRITE_BYTES_MAX);
            if (frames.isEmpty()) {
                return;
            }
            Buffer out = FrameCodec.encode(frames);
            long payloadBytes = out.length() - (long) frames.size() * FrameCodec.HEADER_BYTES;
            unusedNanos = 0;
            local.counters().writes.increment();
            local.counters().framesSent.add(frames.size());
            local.counters().bytesSent.add(out.length());
            socket.write(out).onComplete(_ -> queue.settled(payloadBytes));
        }
    }

    /**
     * Event loop, a few times per ping interval.
     *
     * @param elapsedNanos since the last call, see {@link SweepClock}
     */
    void sweep(long elapsedNanos, boolean ping) {
        if (state != State.UP) {
            return;
        }
        quietNanos += elapsedNanos;
        unusedNanos += elapsedNanos;
        if (!local.fence().isCurrent(nodeId, incarnation)) {
            disconnect("a newer process has taken its place");
        } else if (quietNanos > local.timings().silenceMs() * 1_000_000) {
            disconnect("silent for " + local.timings().silenceMs() + " ms");
        } else if (unusedNanos > local.timings().idleMs() * 1_000_000) {
            disconnect("not used");
        } else if (ping && !socket.writeQueueFull()) {
            socket.write(FrameCodec.ping());
        }
    }

    private void disconnect(String reason) {
        NetSocket old = socket;
        down(reason);
        old.close();
    }

    private void down(String reason) {
        state = State.BACKOFF;
        lastError = reason;
        socket = null;
        int lost = queue.dropPending();
        drop(lost);
        wanted |= lost > 0;
        if (local.logLimiter().allows(nodeId, System.nanoTime())) {
            LOG.info("no connection to {}: {}", nodeId, reason);
        }
        long waitMs = backoff.nextMs(ThreadLocalRandom.current().nextDouble());
        backoffTimer = local.vertx().setTimer(waitMs, _ -> {
            if (state == State.BACKOFF) {
                state = State.IDLE;
                dial();
            }
        });
    }

    void close() {
        State before = state;
        state = State.CLOSED;
        drop(queue.dropPending());
        if (before == State.UP) {
            socket.close();
        }
    }

    boolean isUp() {
        return state == State.UP;
    }

    TransportStats.Peer stats() {
        return new TransportStats.Peer(isUp(), queue.bytes(), dropped.sum(), lastError);
    }

    private void drop(int frames) {
        if (frames > 0) {
            dropped.add(frames);
            local.counters().framesDropped.add(frames);
        }
    }

    /** All that an acceptor sends on this connection are answers to pings. */
    private final class Pongs implements FrameReader.Sink {
        @Override
        public void frame(byte[] payload) {
            disconnect("a frame on a connection that this process dialled");
        }

        @Override
        public void ping() {}
    }
}
