package dev.ashlar.raft;

import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;

/**
 * How the connections between processes are secured. The engine knows nothing of certificates: it hands the options of its
 * sockets over before it makes them, and the sockets afterwards, so that they can be given renewed certificates.
 *
 * @param client adds to the options of a dialling socket
 * @param server adds to the options of the listening socket
 * @param madeClient is told of each client
 * @param madeServer is told of the server
 */
public record PeerSecurity(
        UnaryOperator<NetClientOptions> client,
        UnaryOperator<NetServerOptions> server,
        Consumer<NetClient> madeClient,
        Consumer<NetServer> madeServer) {
    /** Plain TCP. */
    public static final PeerSecurity NONE =
            new PeerSecurity(UnaryOperator.identity(), UnaryOperator.identity(), made -> {}, made -> {});
}
