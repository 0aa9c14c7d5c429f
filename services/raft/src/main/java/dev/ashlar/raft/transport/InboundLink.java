package dev.ashlar.raft.transport;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An accepted connection on which one peer sends frames. Event loop only. */
final class InboundLink implements FrameReader.Sink {
    private static final Logger LOG = LoggerFactory.getLogger(InboundLink.class);

    final String nodeId;
    final long incarnation;
    private final NetSocket socket;
    private final Local local;
    private final FrameReader reader = new FrameReader(this);
    private long quietNanos;
    private boolean closed;

    InboundLink(Local local, NetSocket socket, String nodeId, long incarnation) {
        this.local = local;
        this.socket = socket;
        this.nodeId = nodeId;
        this.incarnation = incarnation;
    }

    void received(Buffer part) {
        if (closed) {
            return;
        }
        quietNanos = 0;
        local.counters().bytesReceived.add(part.length());
        try {
            reader.feed(part);
        } catch (ProtocolException e) {
            local.counters().protocolErrors.increment();
            LOG.warn("closing the connection from {}: {}", nodeId, e.getMessage());
            close();
        }
    }

    @Override
    public void frame(byte[] payload) {
        if (closed) {
            return; // the rest of a part whose beginning closed it
        }
        local.counters().framesReceived.increment();
        try {
            local.handler().onFrame(nodeId, payload);
        } catch (RuntimeException e) {
            LOG.error("frame of {} bytes from {} was not taken", payload.length, nodeId, e);
        }
    }

    @Override
    public void ping() {
        if (!socket.writeQueueFull()) {
            socket.write(FrameCodec.ping());
        }
    }

    void sweep(long elapsedNanos) {
        quietNanos += elapsedNanos;
        boolean silent = quietNanos > local.timings().silenceMs() * 1_000_000;
        if (silent || !local.fence().isCurrent(nodeId, incarnation)) {
            close();
        }
    }

    void close() {
        closed = true;
        socket.close();
    }
}
