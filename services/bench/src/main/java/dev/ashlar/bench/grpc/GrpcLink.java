package dev.ashlar.bench.grpc;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

import dev.ashlar.bench.load.Client;
import dev.ashlar.bench.load.Loop;
import dev.ashlar.bench.load.Outcome;

/**
 * One HTTP/2 connection with many unary calls in flight.
 *
 * <ol>
 *   <li>A call is a HEADERS and a DATA frame that ends the stream; all calls of one turn of the loop leave in one write.
 *   <li>A call waits when the server's connection window has no room for it, and goes when the window is renewed.
 *   <li>An answer is whole with its trailers (HEADERS that end the stream): the status is {@code grpc-status}, a read must
 *       have brought at least the bytes of a value.
 * </ol>
 */
final class GrpcLink extends Http2Link {
    private static final int STREAMS = 4096;

    private final Calls calls;
    private final Client[] waiting = new Client[STREAMS];
    private final int[] answerBytes = new int[STREAMS];
    private final boolean[] done = new boolean[STREAMS];
    private final ArrayDeque<Client> blocked = new ArrayDeque<>();
    private int nextStream = 1;
    private long sendWindow = Frames.DEFAULT_WINDOW_BYTES;

    GrpcLink(Loop loop, Calls calls, InetSocketAddress server) throws IOException {
        super(loop, server);
        this.calls = calls;
    }

    void send(Client client) {
        client.link = this;
        if (!blocked.isEmpty() || calls.messageBytes(client) > sendWindow) {
            blocked.add(client);
        } else {
            encode(client);
            flushLater();
        }
    }

    private void encode(Client client) {
        while (waiting[slot(nextStream)] != null) {
            nextStream += 2;
        }
        int stream = nextStream;
        nextStream += 2;
        waiting[slot(stream)] = client;
        answerBytes[slot(stream)] = 0;
        done[slot(stream)] = false;
        int data = calls.messageBytes(client);
        openStream(stream, calls.method(client), calls.path(client));
        ByteBuffer out = out(Frames.HEADER_BYTES + data);
        Frames.header(out, data, Frames.DATA, Frames.END_STREAM, stream);
        calls.encode(client, out);
        sendWindow -= data;
    }

    private static int slot(int stream) {
        return stream >>> 1 & STREAMS - 1;
    }

    @Override
    protected void windowGrew(long bytes) {
        sendWindow += bytes;
        sendBlocked();
    }

    @Override
    protected void data(int stream, byte[] bytes, int from, int to) {
        int slot = slot(stream);
        if (answerBytes[slot] == 0) {
            int message = from + Calls.PREFIX_BYTES;
            Client client = waiting[slot];
            done[slot] = client == null || calls.done(client, bytes, message, to);
        }
        answerBytes[slot] += to - from;
    }

    @Override
    protected void ended(int stream, int status) {
        Client client = waiting[slot(stream)];
        if (client == null) {
            return;
        }
        waiting[slot(stream)] = null;
        loop.completed(client, status == 0 ? outcome(slot(stream), client) : Outcome.GRPC + status);
    }

    private int outcome(int slot, Client client) {
        return done[slot] ? calls.outcome(client, answerBytes[slot]) : Outcome.WRONG_ANSWER;
    }

    private void sendBlocked() {
        while (!blocked.isEmpty() && calls.messageBytes(blocked.peek()) <= sendWindow) {
            encode(blocked.poll());
            flushLater();
        }
    }

    @Override
    protected void lost(int outcome) {
        for (int i = 0; i < STREAMS; i++) {
            Client client = waiting[i];
            if (client != null) {
                waiting[i] = null;
                loop.completed(client, outcome);
            }
        }
        while (!blocked.isEmpty()) {
            loop.completed(blocked.poll(), outcome);
        }
    }
}
