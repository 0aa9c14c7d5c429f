package dev.ashlar.bench.grpc;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

import dev.ashlar.bench.load.Link;
import dev.ashlar.bench.load.Loop;
import dev.ashlar.bench.load.Outcome;

/** One HTTP/2 connection: frames in whole, answers to SETTINGS and PING, the window that we grant. */
abstract class Http2Link extends Link {
    private final RequestHeaders headers;
    private byte[] rest = new byte[32 << 10];
    private int restLength;
    private long receivedSinceUpdate;

    @SuppressWarnings("this-escape")
    Http2Link(Loop loop, InetSocketAddress server) throws IOException {
        super(loop, server);
        headers = new RequestHeaders(server.getHostString() + ":" + server.getPort());
        Frames.open(out(Frames.OPEN_BYTES));
        flushLater();
    }

    /** Bytes of a stream: {@code bytes[from..to)}, valid during this call only. */
    protected abstract void data(int stream, byte[] bytes, int from, int to);

    /** The server has ended a stream with a gRPC status. */
    protected abstract void ended(int stream, int status);

    /** The server takes so many more bytes on this connection. */
    protected abstract void windowGrew(long bytes);

    /** Encodes the HEADERS of a call. */
    protected final void openStream(int stream, int method, String path) {
        ByteBuffer out = out(Frames.HEADER_BYTES + RequestHeaders.BYTES_MAX);
        int at = out.position();
        out.position(at + Frames.HEADER_BYTES);
        headers.encode(method, path, out);
        int end = out.position();
        out.position(at);
        Frames.header(out, end - at - Frames.HEADER_BYTES, Frames.HEADERS, Frames.END_HEADERS, stream);
        out.position(end);
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
            case Frames.DATA -> {
                data(stream, bytes, payload, end);
                renewWindow(end - payload);
            }
            case Frames.HEADERS -> {
                if ((flags & Frames.END_STREAM) != 0) {
                    ended(stream, GrpcStatus.of(bytes, payload, end));
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
                    windowGrew(Frames.int32(bytes, payload) & Integer.MAX_VALUE);
                }
            }
            case Frames.RST_STREAM -> ended(stream, Frames.int32(bytes, payload) == 0 ? 0 : GrpcStatus.UNKNOWN);
            case Frames.GOAWAY -> close(Outcome.IO);
            case Frames.CONTINUATION -> close(Outcome.PROTOCOL);
            default -> {
                // RFC 9113, 4.1: frames of unknown types are ignored.
            }
        }
    }

    private void renewWindow(int received) {
        receivedSinceUpdate += received;
        if (receivedSinceUpdate > Frames.RECEIVE_WINDOW_BYTES / 2) {
            Frames.windowUpdate(out(Frames.HEADER_BYTES + 4), 0, (int) receivedSinceUpdate);
            receivedSinceUpdate = 0;
            flushLater();
        }
    }
}
