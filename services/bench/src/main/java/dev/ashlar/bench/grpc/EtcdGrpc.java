package dev.ashlar.bench.grpc;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

import dev.ashlar.bench.load.Client;
import dev.ashlar.bench.load.Loop;
import dev.ashlar.bench.load.Outcome;
import dev.ashlar.bench.load.Payload;
import dev.ashlar.bench.load.Target;

/** etcd by gRPC: calls go to the given members in turn, as etcd's clients send them, with one connection for every 16 clients and at least one per member. */
public final class EtcdGrpc implements Target {
    /** Clients that share a connection. */
    public static final int CLIENTS_PER_CONNECTION = 16;

    private final String name;
    private final List<InetSocketAddress> members;
    private Calls calls;

    /** The client addresses of the members that shall be asked: all, or the leader alone. */
    public EtcdGrpc(String name, List<InetSocketAddress> members) {
        this.name = name;
        this.members = List.copyOf(members);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void prepare(Payload payload, int clients) {
        calls = new Calls(payload);
    }

    @Override
    public Lane lane(Loop loop) {
        int wanted = (loop.clientCount() + CLIENTS_PER_CONNECTION - 1) / CLIENTS_PER_CONNECTION;
        int perMember = Math.max(1, (wanted + members.size() - 1) / members.size());
        return new GrpcLane(loop, new GrpcLink[perMember * members.size()]);
    }

    private final class GrpcLane implements Lane {
        private final Loop loop;
        private final GrpcLink[] links;
        private int turn;

        GrpcLane(Loop loop, GrpcLink[] links) {
            this.loop = loop;
            this.links = links;
        }

        @Override
        public void submit(Client client) {
            int i = turn++ % links.length;
            turn %= links.length;
            try {
                if (links[i] == null || !links[i].isOpen()) {
                    links[i] = new GrpcLink(loop, calls, members.get(i % members.size()));
                    loop.remember(links[i]);
                }
                links[i].send(client);
            } catch (IOException e) {
                loop.completed(client, Outcome.IO);
            }
        }
    }
}
