package dev.ashlar.bench.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

import dev.ashlar.bench.load.Client;
import dev.ashlar.bench.load.Loop;
import dev.ashlar.bench.load.Outcome;
import dev.ashlar.bench.load.Target;

/** One loop's connections: a last-in first-out pool per server, so that few sockets stay warm. Opens what it lacks; never more than clients. */
final class HttpLane implements Target.Lane {
    private final Loop loop;
    private final Requests requests;
    private final Route route;
    private final List<InetSocketAddress> members;
    private final List<ArrayDeque<HttpLink>> idle = new ArrayList<>();

    HttpLane(Loop loop, Requests requests, Route route, List<InetSocketAddress> members) {
        this.loop = loop;
        this.requests = requests;
        this.route = route;
        this.members = members;
        members.forEach(member -> idle.add(new ArrayDeque<>()));
    }

    @Override
    public void submit(Client client) {
        int member = route.memberFor(client.key);
        HttpLink link = idle.get(member).pollLast();
        while (link != null && !link.isOpen()) {
            link = idle.get(member).pollLast();
        }
        try {
            if (link == null) {
                link = new HttpLink(loop, this, requests, member, members.get(member));
                loop.remember(link);
            }
            link.send(client);
        } catch (IOException e) {
            answered(member, client, Outcome.IO);
        }
    }

    void idle(int member, HttpLink link) {
        idle.get(member).addLast(link);
    }

    void answered(int member, Client client, int outcome) {
        if (outcome != Outcome.OK) {
            route.failed(member, outcome);
        }
        loop.completed(client, outcome);
    }
}
