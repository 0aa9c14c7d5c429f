package dev.ashlar.raft.transport;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.ashlar.raft.SnapshotFiles;

/** Answers requests for snapshots, a few at a time, each on a thread of its own. {@link #serve} belongs to the event loop. */
final class SnapshotServer {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotServer.class);

    private final Local local;
    private final Context loop;
    private final StreamThreads threads;
    private final AtomicInteger active = new AtomicInteger();

    SnapshotServer(Local local, Context loop, StreamThreads threads) {
        this.local = local;
        this.loop = loop;
        this.threads = threads;
    }

    /** @param ended called when the socket has been closed */
    void serve(NetSocket socket, String nodeId, Buffer first, Runnable ended) {
        SocketInput in = new SocketInput(socket, loop, local.timings().handshakeMs());
        SocketOutput out = new SocketOutput(socket, loop, local.timings().streamIdleMs());
        boolean admitted = active.incrementAndGet() <= TransportLimits.STREAMS_OUT_MAX;
        socket.closeHandler(_ -> {
            out.ended();
            ended.run();
        });
        if (!admitted) {
            active.decrementAndGet();
            local.counters().snapshotsRefused.increment();
            // After the request only: sent at once it could arrive together with the answer to the handshake.
            socket.handler(_ -> {
                socket.handler(_ -> {});
                socket.write(
                        SnapshotWire.failed("busy: " + TransportLimits.STREAMS_OUT_MAX + " snapshots are being sent"));
            });
            local.vertx().setTimer(local.timings().handshakeMs(), _ -> socket.close());
            return;
        }
        in.listen();
        in.received(first);
        threads.start("snapshot-to-" + nodeId, () -> {
            try {
                stream(in, out);
            } catch (IOException | RuntimeException e) {
                LOG.info("snapshot to {} has ended: {}", nodeId, e.getMessage());
            } finally {
                active.decrementAndGet();
                loop.runOnContext(_ -> socket.close());
            }
        });
    }

    private void stream(SocketInput in, SocketOutput out) throws IOException {
        SnapshotWire.Reader requests = new SnapshotWire.Reader(in);
        if (requests.next() != SnapshotWire.REQUEST || requests.payload().remaining() != 4) {
            local.counters().protocolErrors.increment();
            throw new ProtocolException("not a request for a snapshot");
        }
        try (SnapshotFiles files =
                local.handler().openSnapshot(requests.payload().getInt())) {
            new SnapshotSender(out, local.counters().snapshotBytesSent).send(files);
            local.counters().snapshotsServed.increment();
        } catch (IOException | RuntimeException e) {
            local.counters().snapshotsRefused.increment();
            out.write(SnapshotWire.failed(String.valueOf(e.getMessage())));
            LOG.info("no snapshot for a peer: {}", e.getMessage());
        }
        out.flush();
    }
}
