package dev.ashlar.raft.transport;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.ashlar.common.Limits;
import dev.ashlar.common.dns.Names;
import dev.ashlar.raft.HostOptions;

/**
 * {@link PeerTransport} over TCP.
 *
 * <ol>
 *   <li>Two event loops: one has the listening socket and every connection for frames, the other fetches snapshots.
 *   <li>{@link #send} stages a frame; {@link #flush} publishes the staged ones and wakes the event loop at most once,
 *       however many peers there are and whether or not it has seen the last wake-up.
 *   <li>The event loop writes what a peer has pending as one buffer, or dials first.
 *   <li>A timer pings, and closes what is silent or has been replaced by a newer process.
 * </ol>
 */
public final class TcpTransport implements PeerTransport {
    private static final Logger LOG = LoggerFactory.getLogger(TcpTransport.class);
    private static final long START_STOP_MS = 10_000;

    private final Local local;
    private final Loop peerLoop;
    private final Loop fetchLoop;
    private final StreamThreads threads;
    private final Map<String, OutboundPeer> peers = new ConcurrentHashMap<>();
    private final List<OutboundPeer> touched = new ArrayList<>();
    private final Queue<OutboundPeer> announced = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private volatile boolean closed;

    private Acceptor acceptor;
    private Dialer dialer;
    private SnapshotClient snapshots;
    private int port;
    private SweepClock sweepClock;
    private boolean pingNow;

    private TcpTransport(Local local, Loop peerLoop, Loop fetchLoop, StreamThreads threads) {
        this.local = local;
        this.peerLoop = peerLoop;
        this.fetchLoop = fetchLoop;
        this.threads = threads;
    }

    /**
     * Listens on {@code options.peerHost():peerPort()}. Not to be called on an event loop. {@code options.addresses()} is
     * asked on an event loop before each dial and must not block.
     *
     * @throws IOException when the port cannot be bound
     */
    public static TcpTransport start(Vertx vertx, HostOptions options, PeerHandler handler) throws IOException {
        return start(vertx, options, handler, Timings.DEFAULT, new Names());
    }

    static TcpTransport start(Vertx vertx, HostOptions options, PeerHandler handler, Timings timings, Names names)
            throws IOException {
        if (Context.isOnEventLoopThread()) {
            throw new IllegalStateException("the transport must not be started on an event loop");
        }
        Local local = new Local(
                vertx,
                options,
                new AtomicLong(options.incarnation()),
                handler,
                timings,
                names,
                new Fence(TransportLimits.NAMES_MAX),
                new Counters(),
                new LogLimiter(TransportLimits.LOG_KEYS_MAX));
        var own = local.fence().admit(options.nodeId(), options.incarnation());
        if (own.isPresent()) {
            throw new IllegalStateException(own.get());
        }
        Loop peerLoop = new Loop();
        Loop fetchLoop = new Loop();
        TcpTransport transport = new TcpTransport(local, peerLoop, fetchLoop, new StreamThreads());
        try {
            await(Future.all(vertx.deployVerticle(peerLoop), vertx.deployVerticle(fetchLoop)));
            await(fetchLoop.call(transport::startFetching));
            await(peerLoop.call(transport::startListening));
        } catch (IOException e) {
            transport.close();
            throw new IOException(
                    "cannot listen on " + options.peerHost() + ":" + options.peerPort() + ": " + e.getMessage(), e);
        }
        return transport;
    }

    private Future<Void> startFetching() {
        snapshots = new SnapshotClient(local, fetchLoop.loop(), threads);
        return Future.succeededFuture();
    }

    private Future<NetServer> startListening() {
        dialer = new Dialer(local);
        acceptor = new Acceptor(local, new SnapshotServer(local, peerLoop.loop(), threads), this::admitted);
        long sweepMs = Math.max(1, local.timings().pingMs() / 2);
        sweepClock = new SweepClock(TimeUnit.MILLISECONDS.toNanos(sweepMs), System.nanoTime());
        local.vertx().setPeriodic(sweepMs, _ -> sweep());
        NetServer server = Sockets.server(local);
        return server.connectHandler(acceptor::accept)
                .exceptionHandler(e -> LOG.debug("a socket was not accepted", e))
                .listen()
                .onSuccess(bound -> port = bound.actualPort());
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void raiseIncarnation(long incarnation) {
        if (local.fence().admit(local.options().nodeId(), incarnation).isEmpty()) {
            local.incarnation().accumulateAndGet(incarnation, Math::max);
        }
    }

    @Override
    public void reach(String nodeId) {
        OutboundPeer peer = peer(nodeId);
        if (peer != null && !closed) {
            peer.want();
            touch(peer);
        }
    }

    @Override
    public void send(String nodeId, byte[] frame) {
        OutboundPeer peer = peer(nodeId);
        if (peer == null || closed || frame.length == 0 || frame.length > Limits.PEER_FRAME_BYTES_MAX) {
            local.counters().framesDropped.increment();
            return;
        }
        peer.send(frame);
        touch(peer);
    }

    /** Null when there are too many. */
    private OutboundPeer peer(String nodeId) {
        OutboundPeer peer = peers.get(nodeId);
        return peer == null && peers.size() < TransportLimits.PEERS_MAX
                ? peers.computeIfAbsent(nodeId, id -> new OutboundPeer(local, id))
                : peer;
    }

    private void touch(OutboundPeer peer) {
        if (!touched.contains(peer)) { // a handful of peers: cheaper than any set
            touched.add(peer);
        }
    }

    @Override
    public void flush() {
        boolean wake = false;
        for (OutboundPeer peer : touched) {
            if (peer.publish()) {
                announced.add(peer);
                wake = true;
            }
        }
        touched.clear();
        if (wake && woken.compareAndSet(false, true)) {
            peerLoop.loop().runOnContext(_ -> drain());
        }
    }

    private void drain() {
        woken.set(false);
        for (OutboundPeer peer = announced.poll(); peer != null; peer = announced.poll()) {
            peer.drain(dialer);
        }
    }

    private void sweep() {
        long elapsed = sweepClock.elapsedNanos(System.nanoTime());
        pingNow = !pingNow;
        for (OutboundPeer peer : peers.values()) {
            peer.sweep(elapsed, pingNow);
        }
        acceptor.sweep(elapsed);
    }

    private void admitted(Handshake.Hello hello) {
        for (OutboundPeer peer : peers.values()) {
            peer.sweep(0, false);
        }
        acceptor.sweep(0);
        OutboundPeer back = peers.get(hello.fromNodeId());
        if (back != null && hello.purpose() == Handshake.Purpose.FRAMES) {
            back.isThere(dialer);
        }
    }

    @Override
    public boolean isReachable(String nodeId) {
        OutboundPeer peer = peers.get(nodeId);
        return peer != null && peer.isUp();
    }

    @Override
    public CompletableFuture<Long> fetchSnapshot(String nodeId, int groupId, Path into) {
        return closed
                ? CompletableFuture.failedFuture(new IOException("the transport is closed"))
                : snapshots.fetch(nodeId, groupId, into);
    }

    @Override
    public TransportStats stats() {
        Counters c = local.counters();
        Map<String, TransportStats.Peer> states = new HashMap<>();
        peers.forEach((id, peer) -> states.put(id, peer.stats()));
        return new TransportStats(
                c.framesSent.sum(),
                c.bytesSent.sum(),
                c.writes.sum(),
                c.framesReceived.sum(),
                c.bytesReceived.sum(),
                c.framesDropped.sum(),
                c.connects.sum(),
                c.connectsFailed.sum(),
                c.connectionsRefused.sum(),
                c.protocolErrors.sum(),
                c.snapshotsServed.sum(),
                c.snapshotsRefused.sum(),
                c.snapshotsFetched.sum(),
                c.snapshotBytesSent.sum(),
                c.snapshotBytesReceived.sum(),
                acceptor.open(),
                Map.copyOf(states));
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            await(peerLoop.call(() -> {
                peers.values().forEach(OutboundPeer::close);
                return Future.succeededFuture();
            }));
            // Sockets, the listener and the timer belong to the loops and end with them; the streams then end by
            // themselves.
            await(Future.join(peerLoop.end(), fetchLoop.end()));
        } catch (IOException e) {
            LOG.warn("the transport has not closed cleanly: {}", e.getMessage());
        }
        threads.await(START_STOP_MS);
    }

    private static <T> T await(Future<T> future) throws IOException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(START_STOP_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("no answer in " + START_STOP_MS + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** An event loop that owns what is made on it. */
    private static final class Loop extends AbstractVerticle {
        private interface Task<T> {
            Future<T> run();
        }

        Context loop() {
            return context;
        }

        <T> Future<T> call(Task<T> task) {
            if (context == null) {
                return Future.failedFuture("not started");
            }
            Promise<T> promise = Promise.promise();
            context.runOnContext(_ -> task.run().onComplete(promise));
            return promise.future();
        }

        Future<Void> end() {
            return context == null ? Future.succeededFuture() : vertx.undeploy(context.deploymentID());
        }
    }
}
