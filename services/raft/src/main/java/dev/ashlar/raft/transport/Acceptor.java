package dev.ashlar.raft.transport;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.ashlar.raft.transport.Handshake.Hello;
import dev.ashlar.raft.transport.Handshake.Purpose;

/**
 * Decides who may come in (S5, S8). Event loop only.
 *
 * <ol>
 *   <li>A socket that does not begin with the magic is closed without a word.
 *   <li>Another protocol version, cluster or addressee, and a process that {@link Fence} knows to be replaced, are told
 *       the reason and closed.
 *   <li>A handshake that is not whole in time is closed; of too many unfinished ones the oldest is.
 *   <li>A second connection for frames of a process replaces its first.
 * </ol>
 */
final class Acceptor {
    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);
    private static final long LINGER_MS = 300;

    private final Local local;
    private final SnapshotServer snapshots;
    private final Consumer<Hello> admitted;
    private final Set<NetSocket> pending = new LinkedHashSet<>();
    private final Map<String, InboundLink> links = new HashMap<>();
    private volatile int open;

    /** @param admitted told after each accepted handshake: that process is there, and may have replaced older ones */
    Acceptor(Local local, SnapshotServer snapshots, Consumer<Hello> admitted) {
        this.local = local;
        this.snapshots = snapshots;
        this.admitted = admitted;
    }

    void accept(NetSocket socket) {
        if (pending.size() >= TransportLimits.PENDING_HANDSHAKES_MAX) {
            Iterator<NetSocket> oldest = pending.iterator();
            NetSocket evicted = oldest.next();
            oldest.remove();
            evicted.close();
            local.counters().connectionsRefused.increment();
        }
        pending.add(socket);
        count(1);
        HandshakeReader reader = new HandshakeReader();
        long timer = local.vertx().setTimer(local.timings().handshakeMs(), _ -> {
            if (pending.contains(socket)) {
                local.counters().connectionsRefused.increment();
                socket.close();
            }
        });
        socket.exceptionHandler(_ -> {}); // the close handler follows
        socket.closeHandler(_ -> {
            local.vertx().cancelTimer(timer);
            pending.remove(socket);
            count(-1);
        });
        socket.handler(part -> {
            try {
                Optional<byte[]> message = reader.feed(part);
                if (message.isPresent()) {
                    local.vertx().cancelTimer(timer);
                    decide(socket, Handshake.decodeHello(message.get()), reader.rest());
                }
            } catch (HandshakeReader.ForeignException e) {
                local.counters().connectionsRefused.increment();
                log(socket, e.getMessage());
                socket.handler(_ -> {});
                socket.close();
            } catch (ProtocolException e) {
                refuse(socket, e.getMessage());
            }
        });
    }

    private void decide(NetSocket socket, Hello hello, Buffer rest) {
        Optional<String> reason = reasonToRefuse(hello);
        if (reason.isPresent()) {
            refuse(socket, reason.get());
            return;
        }
        pending.remove(socket);
        admitted.accept(hello);
        if (hello.purpose() == Purpose.FRAMES) {
            link(socket, hello, rest);
        } else {
            answer(socket, true, "");
            socket.closeHandler(null);
            snapshots.serve(socket, hello.fromNodeId(), rest, () -> count(-1));
        }
    }

    private Optional<String> reasonToRefuse(Hello hello) {
        if (!hello.clusterId().equals(local.options().clusterId())) {
            return Optional.of("another cluster, this is " + local.options().clusterId());
        }
        if (!hello.toNodeId().equals(local.options().nodeId())) {
            return Optional.of("this is " + local.options().nodeId());
        }
        if (open - pending.size() >= TransportLimits.INBOUND_CONNECTIONS_MAX) {
            return Optional.of("too many connections");
        }
        return local.fence().admit(hello.fromNodeId(), hello.incarnation());
    }

    private void link(NetSocket socket, Hello hello, Buffer rest) {
        InboundLink link = new InboundLink(local, socket, hello.fromNodeId(), hello.incarnation());
        InboundLink old = links.put(hello.fromNodeId(), link);
        if (old != null) {
            old.close();
        }
        socket.closeHandler(_ -> {
            links.remove(hello.fromNodeId(), link);
            count(-1);
        });
        socket.handler(link::received);
        answer(socket, true, "");
        LOG.debug("{} has connected", hello.fromNodeId());
        if (rest.length() > 0) {
            link.received(rest);
        }
    }

    private void refuse(NetSocket socket, String reason) {
        local.counters().connectionsRefused.increment();
        log(socket, reason);
        // What still comes is read and forgotten for a moment: closing with unread bytes would reset the connection and
        // could take the answer with it.
        socket.handler(_ -> {});
        answer(socket, false, reason);
        local.vertx().setTimer(LINGER_MS, _ -> socket.close());
    }

    private void answer(NetSocket socket, boolean accepted, String reason) {
        byte[] answer = Handshake.encode(
                new Handshake.Answer(accepted, local.incarnation().get(), reason));
        socket.write(Buffer.buffer(answer));
    }

    private void log(NetSocket socket, String reason) {
        String host =
                socket.remoteAddress() == null ? "?" : socket.remoteAddress().hostAddress();
        if (local.logLimiter().allows("from " + host, System.nanoTime())) {
            LOG.warn("refused a connection from {}: {}", host, Handshake.shorten(reason));
        }
    }

    void sweep(long elapsedNanos) {
        for (InboundLink link : new ArrayList<>(links.values())) {
            link.sweep(elapsedNanos);
        }
    }

    /** Open sockets, whatever the state of their handshake. Any thread. */
    int open() {
        return open;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written by the event loop alone
    private void count(int change) {
        open += change;
    }
}
