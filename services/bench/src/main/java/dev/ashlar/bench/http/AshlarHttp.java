package dev.ashlar.bench.http;

import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.util.List;

import dev.ashlar.bench.load.LoadSpec;
import dev.ashlar.bench.load.Loop;
import dev.ashlar.bench.load.Payload;
import dev.ashlar.bench.load.Target;
import dev.ashlar.client.route.LeaderMap;

/** A cluster of ours by its HTTP API: each key to the leader of its shard, or any store in turn. */
public final class AshlarHttp implements Target {
    private final String name;
    private final List<InetSocketAddress> endpoints;
    private final boolean toLeader;
    private final String token;
    private Requests requests;
    private List<InetSocketAddress> members;
    private Route route;
    private ToLeader following;

    /**
     * A target with a name for reports.
     *
     * @param endpoints stores to ask; with {@code toLeader} one that answers is enough, the others are learned
     * @param toLeader send each key to its shard's leader; else every store in turn, which forwards
     * @param token for {@code Authorization: Bearer}, or empty
     */
    public AshlarHttp(String name, List<InetSocketAddress> endpoints, boolean toLeader, String token) {
        this.name = name;
        this.endpoints = List.copyOf(endpoints);
        this.toLeader = toLeader;
        this.token = token;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void prepare(Payload payload, LoadSpec spec) {
        close();
        if (toLeader) {
            LeaderMap map = firstMap();
            following = new ToLeader(map, payload, token);
            members = Servers.resolved(map.stores());
            route = following;
        } else {
            members = endpoints;
            route = new RoundRobin(members.size());
        }
        requests = switch (spec.workload()) {
            case PUT, GET, MIXED, LOAD -> new AshlarRequests(payload, members, token);
            case TXN -> new AshlarTxnRequests(payload, members, token);
            case LOCK -> new AshlarLockRequests(payload, spec.clients(), members, token);
        };
    }

    @Override
    public int steps() {
        return requests.steps();
    }

    private LeaderMap firstMap() {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return LeaderMap.fetch(http, Servers.connection(endpoints, token), Servers.urls(endpoints))
                    .filter(map ->
                            !map.leaderOfShard().isEmpty() && !map.stores().isEmpty())
                    .orElseThrow(() -> new IllegalStateException(
                            "no store of " + endpoints + " tells shards and stores by GET /v1/cluster"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while asking for the cluster", e);
        }
    }

    @Override
    public Lane lane(Loop loop) {
        return new HttpLane(loop, requests, route, members);
    }

    @Override
    public void close() {
        if (following != null) {
            following.close();
            following = null;
        }
    }
}
