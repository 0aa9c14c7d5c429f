package dev.ashlar.raft.transport;

import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;

/** The only place where sockets are made; encryption belongs here. */
final class Sockets {
    private Sockets() {}

    static NetClient client(Local local) {
        NetClient client = local.vertx()
                .createNetClient(local.options()
                        .security()
                        .client()
                        .apply(new NetClientOptions()
                                .setTcpNoDelay(true)
                                .setConnectTimeout(local.timings().connectMs())));
        local.options().security().madeClient().accept(client);
        return client;
    }

    static NetServer server(Local local) {
        NetServer server = local.vertx()
                .createNetServer(local.options()
                        .security()
                        .server()
                        .apply(new NetServerOptions()
                                .setHost(local.options().peerHost())
                                .setPort(local.options().peerPort())
                                .setTcpNoDelay(true)));
        local.options().security().madeServer().accept(server);
        return server;
    }
}
