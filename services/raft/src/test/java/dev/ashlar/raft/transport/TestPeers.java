package dev.ashlar.raft.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;

import dev.ashlar.common.dns.Names;
import dev.ashlar.raft.HostOptions;
import dev.ashlar.raft.SnapshotFiles;

/** Transports in this JVM, behind one firewall. */
final class TestPeers implements AutoCloseable {
    static final String CLUSTER = "11111111-2222-3333-4444-555555555555";
    static final String A = "store-0.00000000000000aa";
    static final String B = "store-1.00000000000000bb";
    static final String C = "store-2.00000000000000cc";

    /** Quick enough for tests, slow enough for a busy machine. */
    static final Timings QUICK = new Timings(2_000, 2_000, 500, 3_000, 60_000, 5, 50, 2_000);

    final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    final PeerFirewall firewall = new PeerFirewall();
    private final List<TcpTransport> transports = new ArrayList<>();

    interface Snapshots {
        SnapshotFiles open(int groupId) throws IOException;
    }

    /** Remembers what has come. */
    static class Inbox implements PeerHandler {
        final List<Received> frames = new CopyOnWriteArrayList<>();
        final List<String> reachable = new CopyOnWriteArrayList<>();
        volatile Snapshots snapshots = group -> {
            throw new IOException("no snapshot of group " + group);
        };

        record Received(String from, int number, int bytes) {}

        @Override
        public void onFrame(String fromNodeId, byte[] frame) {
            frames.add(new Received(fromNodeId, ByteBuffer.wrap(frame).getInt(), frame.length));
        }

        @Override
        public void onReachable(String nodeId) {
            reachable.add(nodeId);
        }

        @Override
        public SnapshotFiles openSnapshot(int groupId) throws IOException {
            return snapshots.open(groupId);
        }

        List<Integer> numbers() {
            return frames.stream().map(Received::number).toList();
        }
    }

    TcpTransport start(String nodeId, PeerHandler handler) throws IOException {
        return start(nodeId, 1, CLUSTER, handler, QUICK);
    }

    TcpTransport start(String nodeId, long incarnation, String cluster, PeerHandler handler, Timings timings)
            throws IOException {
        TcpTransport transport = TcpTransport.start(
                vertx,
                options(nodeId, incarnation, cluster, firewall.addressesFor(nodeId)),
                handler,
                timings,
                new Names());
        transports.add(transport);
        firewall.register(nodeId, transport.port());
        return transport;
    }

    /** One that knows a peer by a name and looks it up there. */
    TcpTransport start(String nodeId, PeerHandler handler, String peer, String address, Names names)
            throws IOException {
        Function<String, String> others = firewall.addressesFor(nodeId);
        TcpTransport transport = TcpTransport.start(
                vertx,
                options(nodeId, 1, CLUSTER, id -> id.equals(peer) ? address : others.apply(id)),
                handler,
                QUICK,
                names);
        transports.add(transport);
        return transport;
    }

    /** One that no firewall leads to, for a second process under an identity that is taken. */
    TcpTransport startHidden(String nodeId, long incarnation, String cluster, PeerHandler handler) throws IOException {
        TcpTransport transport = TcpTransport.start(
                vertx,
                options(nodeId, incarnation, cluster, firewall.addressesFor(nodeId)),
                handler,
                QUICK,
                new Names());
        transports.add(transport);
        return transport;
    }

    static HostOptions options(String nodeId, long incarnation, String cluster, Function<String, String> addresses) {
        return new HostOptions(
                cluster, nodeId, incarnation, Path.of("unused"), "127.0.0.1", 0, addresses, 250, 1_500, 0, 0, 0);
    }

    /** A frame that carries a number. */
    static byte[] frame(int number, int bytes) {
        return ByteBuffer.allocate(bytes).putInt(number).array();
    }

    static void sendNow(PeerTransport from, String to, byte[] frame) {
        from.send(to, frame);
        from.flush();
    }

    @Override
    public void close() {
        transports.forEach(TcpTransport::close);
        firewall.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
