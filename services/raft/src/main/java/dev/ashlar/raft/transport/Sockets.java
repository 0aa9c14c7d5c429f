package dev.ashlar.raft.transport;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;

/** The only place where sockets are made; encryption belongs here. */
final class Sockets {
    private Sockets() {}

    static NetClient client(Vertx vertx, Timings timings) {
        return vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true).setConnectTimeout(timings.connectMs()));
    }

    static NetServer server(Vertx vertx, String host, int port) {
        return vertx.createNetServer(
                new NetServerOptions().setHost(host).setPort(port).setTcpNoDelay(true));
    }
}
