package dev.ashlar.bench.grpc;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;

import dev.ashlar.bench.load.Client;
import dev.ashlar.bench.load.Link;
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
final class GrpcLink extends Link {
    private static final int STREAMS = 4096;

    private final Calls calls;
    private final RequestHeaders headers;
    private final Client[] waiting = new Client[STREAMS];
    private final int[] answerBytes = new int[STREAMS];
    private final ArrayDeque<Client> blocked = new ArrayDeque<>();
    private byte[] rest = new byte[32 << 10];
    private int restLength;
    private int nextStream = 1;
    private long sendWindow = Frames.DEFAULT_WINDOW_BYTES;
    private long receivedSinceUpdate;

    GrpcLink(Loop loop, Calls calls, InetSocketAddress server) throws IOException {
        super(loop, server);
        this.calls = calls;
        headers = new RequestHeaders(server.getHostString() + ":" + server.getPort());
        Frames.open(out(Frames.OPEN_BYTES));
        flushLater();
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
        int data = calls.messageBytes(client);
        ByteBuffer out = out(2 * Frames.HEADER_BYTES + RequestHeaders.BYTES_MAX + data);
        int at = out.position();
        out.position(at + Frames.HEADER_BYTES);
        headers.encode(client.read ? 1 : 0, calls.path(client), out);
        int end = out.position();
        out.position(at);
        Frames.header(out, end - at - Frames.HEADER_BYTES, Frames.HEADERS, Frames.END_HEADERS, stream);
        out.position(end);
        Frames.header(out, data, Frames.DATA, Frames.END_STREAM, stream);
        calls.encode(client, out);
        sendWindow -= data;
    }

    private static int slot(int stream) {
        return stream >>> 1 & STREAMS - 1;
    }

    @Override
    protected void received(byte[] bytes, int length) {
        byte[] from = bytes;
        int to = length;
        if (restLength > 0) {
            if (rest.length < restLength + length) {
                rest = Arrays.copyOf(rest, restLength + length);
            }
            System.arraycopy(bytes, 0, rest, restLength, length);
            from = rest;
            to = restLength + length;
        }
        int at = 0;
        while (isOpen() && to - at >= Frames.HEADER_BYTES) {
            int end = at + Frames.HEADER_BYTES + Frames.int24(from, at);
            if (end > to) {
                break;
            }
            frame(from, at, end);
            at = end;
        }
        restLength = to - at;
        if (rest.length < restLength) {
            rest = new byte[restLength];
        }
        System.arraycopy(from, at, rest, 0, restLength);
    }

    private void frame(byte[] bytes, int at, int end) {
        int flags = bytes[at + 4];
        int stream = Frames.int32(bytes, at + 5) & Integer.MAX_VALUE;
        int payload = at + Frames.HEADER_BYTES;
        switch (bytes[at + 3]) {
            case Frames.DATA -> data(stream, end - payload);
            case Frames.HEADERS -> {
                if ((flags & Frames.END_STREAM) != 0) {
                    answered(stream, GrpcStatus.of(bytes, payload, end));
                }
            }
            case Frames.SETTINGS -> {
                if ((flags & Frames.ACK) == 0) {
                    Frames.header(out(Frames.HEADER_BYTES), 0, Frames.SETTINGS, Frames.ACK, 0);
                    flushLater();
                }
            }
            case Frames.PING -> {
                if ((flags & Frames.ACK) == 0) {
                    ByteBuffer out = out(Frames.HEADER_BYTES + 8);
                    Frames.header(out, 8, Frames.PING, Frames.ACK, 0);
                    out.put(bytes, payload, 8);
                    flushLater();
                }
            }
            case Frames.WINDOW_UPDATE -> {
                if (stream == 0) {
                    sendWindow += Frames.int32(bytes, payload) & Integer.MAX_VALUE;
                    sendBlocked();
                }
            }
            case Frames.RST_STREAM -> answered(stream, Frames.int32(bytes, payload) == 0 ? 0 : GrpcStatus.UNKNOWN);
            case Frames.GOAWAY -> close(Outcome.IO);
            case Frames.CONTINUATION -> close(Outcome.PROTOCOL);
            default -> {
                // RFC 9113, 4.1: frames of unknown types are ignored.
            }
        }
    }

    private void data(int stream, int length) {
        answerBytes[slot(stream)] += length;
        receivedSinceUpdate += length;
        if (receivedSinceUpdate > Frames.RECEIVE_WINDOW_BYTES / 2) {
            Frames.windowUpdate(out(Frames.HEADER_BYTES + 4), (int) receivedSinceUpdate);
            receivedSinceUpdate = 0;
            flushLater();
        }
    }

    private void answered(int stream, int status) {
        Client client = waiting[slot(stream)];
        if (client == null) {
            return;
        }
        waiting[slot(stream)] = null;
        int outcome = status == 0 ? calls.outcome(client, answerBytes[slot(stream)]) : Outcome.GRPC + status;
        loop.completed(client, outcome);
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
