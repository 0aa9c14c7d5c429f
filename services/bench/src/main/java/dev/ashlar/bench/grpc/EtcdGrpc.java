package dev.ashlar.bench.grpc;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

import dev.ashlar.bench.load.Client;
import dev.ashlar.bench.load.LoadSpec;
import dev.ashlar.bench.load.Loop;
import dev.ashlar.bench.load.Outcome;
import dev.ashlar.bench.load.Payload;
import dev.ashlar.bench.load.Target;
import dev.ashlar.bench.load.Workload;
import dev.ashlar.bench.process.HttpProbe;

/** etcd by gRPC: calls go to the given members in turn, as etcd's clients send them, with one connection for every 16 clients and at least one per member. */
public final class EtcdGrpc implements Target {
    /** Clients that share a connection. */
    public static final int CLIENTS_PER_CONNECTION = 16;

    /** Long enough for any run: no lease needs to be kept alive, and etcd is not charged for it. */
    private static final int KEPT_TTL_SECONDS = 3_600;

    private final String name;
    private final List<InetSocketAddress> members;
    private final boolean sessionsKept;
    private Calls calls;

    /** The client addresses of the members that shall be asked: all, or the leader alone. */
    public EtcdGrpc(String name, List<InetSocketAddress> members) {
        this(name, members, false);
    }

    /** @param sessionsKept each client has one lease for all its locks, granted before the run; else each lock has its own */
    public EtcdGrpc(String name, List<InetSocketAddress> members, boolean sessionsKept) {
        this.name = name;
        this.members = List.copyOf(members);
        this.sessionsKept = sessionsKept;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void prepare(Payload payload, LoadSpec spec) {
        calls = Calls.of(payload, spec.workload(), sessionsKept);
        if (spec.workload() == Workload.LOCK && sessionsKept) {
            grantLeases(spec.clients());
        }
    }

    /** By the JSON gateway. One that is there already, from an earlier run, is granted anew. */
    private void grantLeases(int clients) {
        InetSocketAddress member = members.getFirst();
        String lease = "http://" + member.getHostString() + ":" + member.getPort() + "/v3/lease/";
        for (int i = 0; i < clients; i++) {
            String id = "\"ID\":\"" + LockCalls.keptLease(i) + "\"";
            HttpProbe.post(lease + "revoke", "{" + id + "}");
            HttpProbe.Answer answer =
                    HttpProbe.post(lease + "grant", "{\"TTL\":\"" + KEPT_TTL_SECONDS + "\"," + id + "}");
            if (answer.status() != 200) {
                throw new IllegalStateException("etcd grants no lease: " + answer);
            }
        }
    }

    @Override
    public int steps() {
        return calls.steps();
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
