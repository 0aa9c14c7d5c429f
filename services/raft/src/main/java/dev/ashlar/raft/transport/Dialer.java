package dev.ashlar.raft.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;

import dev.ashlar.raft.transport.Handshake.Purpose;

/** Opens a connection to a peer and takes it through the handshake. Used on one event loop only. */
final class Dialer {
    private final Local local;
    private final NetClient client;

    /** A connection that the peer has accepted. Its handlers are still to be set. */
    record Accepted(NetSocket socket, long incarnation) {}

    Dialer(Local local) {
        this.local = local;
        this.client = Sockets.client(local);
    }

    /** Resolves the address anew, since a process may come back under another one. Fails with an {@link IOException}. */
    Future<Accepted> dial(String nodeId, Purpose purpose) {
        Optional<Address> address = addressOf(nodeId);
        if (address.isEmpty()) {
            return Future.failedFuture(new IOException("address of " + nodeId + " is not known"));
        }
        Promise<Accepted> promise = Promise.promise();
        Future.fromCompletionStage(
                        local.names().address(address.get().host()),
                        local.vertx().getOrCreateContext())
                .compose(found -> connect(found, address.get()))
                .onComplete(connected -> {
                    if (connected.failed()) {
                        promise.fail(new IOException(
                                "cannot connect: " + connected.cause().getMessage(), connected.cause()));
                    } else {
                        shake(connected.result(), nodeId, purpose, promise);
                    }
                });
        return promise.future();
    }

    /** The address that was found has the name with it, for which the peer's certificate has to be. */
    private Future<NetSocket> connect(InetAddress found, Address address) {
        return client.connect(
                SocketAddress.inetSocketAddress(new InetSocketAddress(found, address.port())), address.host());
    }

    private Optional<Address> addressOf(String nodeId) {
        try {
            return Address.parse(local.options().addresses().apply(nodeId));
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    private void shake(NetSocket socket, String nodeId, Purpose purpose, Promise<Accepted> promise) {
        HandshakeReader reader = new HandshakeReader();
        long timer = local.vertx().setTimer(local.timings().handshakeMs(), _ -> {
            promise.tryFail(new IOException("no answer to the handshake"));
            socket.close();
        });
        socket.exceptionHandler(_ -> {}); // the close handler follows
        socket.closeHandler(_ -> {
            local.vertx().cancelTimer(timer);
            promise.tryFail(new IOException("closed by the peer in the handshake"));
        });
        socket.handler(part -> {
            try {
                Optional<byte[]> message = reader.feed(part);
                if (message.isPresent()) {
                    Handshake.Answer answer = Handshake.decodeAnswer(message.get());
                    check(answer, nodeId, reader);
                    local.vertx().cancelTimer(timer);
                    promise.tryComplete(new Accepted(socket, answer.incarnation()));
                }
            } catch (IOException | HandshakeReader.ForeignException e) {
                promise.tryFail(e instanceof IOException io ? io : new IOException("it is " + e.getMessage(), e));
                socket.close();
            }
        });
        socket.write(Buffer.buffer(Handshake.encode(new Handshake.Hello(
                purpose,
                local.options().clusterId(),
                local.options().nodeId(),
                local.incarnation().get(),
                nodeId))));
    }

    private void check(Handshake.Answer answer, String nodeId, HandshakeReader reader) throws IOException {
        if (!answer.accepted()) {
            throw new IOException("refused: " + Handshake.shorten(answer.reason()));
        }
        if (reader.rest().length() > 0) {
            throw new ProtocolException("bytes after the answer to the handshake");
        }
        Optional<String> stale = local.fence().admit(nodeId, answer.incarnation());
        if (stale.isPresent()) {
            throw new IOException(stale.get());
        }
    }
}
