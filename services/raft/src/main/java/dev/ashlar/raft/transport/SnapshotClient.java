package dev.ashlar.raft.transport;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import io.vertx.core.Context;
import io.vertx.core.net.NetSocket;

import dev.ashlar.raft.transport.Handshake.Purpose;

/** Fetches snapshots, each on a connection and a thread of its own, on another event loop than that of the frames. */
final class SnapshotClient {
    private final Local local;
    private final Context loop;
    private final Dialer dialer;
    private final StreamThreads threads;
    private final AtomicInteger active = new AtomicInteger();

    SnapshotClient(Local local, Context loop, StreamThreads threads) {
        this.local = local;
        this.loop = loop;
        this.dialer = new Dialer(local);
        this.threads = threads;
    }

    CompletableFuture<Long> fetch(String nodeId, int groupId, Path into) {
        CompletableFuture<Long> result = new CompletableFuture<>();
        if (active.incrementAndGet() > TransportLimits.STREAMS_IN_MAX) {
            active.decrementAndGet();
            result.completeExceptionally(
                    new IOException("busy: " + TransportLimits.STREAMS_IN_MAX + " snapshots are being fetched"));
            return result;
        }
        loop.runOnContext(_ -> dialer.dial(nodeId, Purpose.SNAPSHOT).onComplete(opened -> {
            if (opened.failed()) {
                active.decrementAndGet();
                result.completeExceptionally(failure(nodeId, groupId, opened.cause()));
            } else {
                stream(opened.result().socket(), nodeId, groupId, into, result);
            }
        }));
        return result;
    }

    private void stream(NetSocket socket, String nodeId, int groupId, Path into, CompletableFuture<Long> result) {
        SocketInput in = new SocketInput(socket, loop, local.timings().streamIdleMs());
        in.listen();
        socket.write(SnapshotWire.request(groupId));
        var _ = result.whenComplete((_, _) -> loop.runOnContext(_ -> socket.close()));
        threads.start("snapshot-from-" + nodeId, () -> {
            try {
                long index = new SnapshotReceiver(in, into, local.counters().snapshotBytesReceived).receive();
                active.decrementAndGet();
                local.counters().snapshotsFetched.increment();
                if (!result.complete(index)) {
                    SnapshotReceiver.empty(into); // cancelled in the last moment
                }
            } catch (IOException | RuntimeException e) {
                active.decrementAndGet();
                result.completeExceptionally(failure(nodeId, groupId, e));
            }
        });
    }

    private static IOException failure(String nodeId, int groupId, Throwable cause) {
        return new IOException("snapshot of group " + groupId + " from " + nodeId + ": " + cause.getMessage(), cause);
    }
}
