package dev.ashlar.bench.http;

import java.io.IOException;
import java.net.InetSocketAddress;

import dev.ashlar.bench.load.Client;
import dev.ashlar.bench.load.Link;
import dev.ashlar.bench.load.Loop;
import dev.ashlar.bench.load.Outcome;

/** A keep-alive connection with at most one request in flight; goes back to its pool when the answer is whole. */
final class HttpLink extends Link {
    private final ResponseParser parser = new ResponseParser();
    private final HttpLane lane;
    private final Requests requests;
    private final int member;
    private Client client;

    HttpLink(Loop loop, HttpLane lane, Requests requests, int member, InetSocketAddress address) throws IOException {
        super(loop, address);
        this.lane = lane;
        this.requests = requests;
        this.member = member;
    }

    void send(Client next) {
        client = next;
        next.link = this;
        requests.encode(next, member, out(requests.bytesMax(next)));
        flush();
    }

    @Override
    protected void received(byte[] bytes, int length) {
        try {
            int used = parser.feed(bytes, 0, length);
            if (parser.isDone()) {
                finish(used == length);
            }
        } catch (IllegalArgumentException e) {
            close(Outcome.PROTOCOL);
        }
    }

    private void finish(boolean nothingBehind) {
        Client answered = client;
        if (answered == null || !nothingBehind) {
            close(Outcome.PROTOCOL);
            return;
        }
        int outcome = requests.outcome(answered, parser.status(), parser.bodyBytes());
        boolean reuse = parser.keepAlive();
        client = null;
        parser.reset();
        if (reuse) {
            lane.idle(member, this);
        } else {
            close(Outcome.IO);
        }
        lane.answered(member, answered, outcome);
    }

    @Override
    protected void lost(int outcome) {
        Client waiting = client;
        client = null;
        if (waiting == null) {
            return;
        }
        boolean whole = outcome == Outcome.IO && parser.endOfStream();
        lane.answered(
                member, waiting, whole ? requests.outcome(waiting, parser.status(), parser.bodyBytes()) : outcome);
    }
}
