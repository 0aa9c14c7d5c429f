package dev.ashlar.bench.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** An HTTP server that answers every request with bytes the test chooses, cut into single-byte writes if it likes. */
final class TinyServer implements AutoCloseable {
    /** What to send; {@code close} ends the connection afterwards, {@code pieces} flushes every byte by itself. */
    record Reply(String bytes, boolean close, boolean pieces) {}

    final AtomicInteger connections = new AtomicInteger();
    final AtomicInteger requests = new AtomicInteger();
    private final ServerSocket socket = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    private final Function<String, Reply> answer;

    TinyServer(Function<String, Reply> answer) throws IOException {
        this.answer = answer;
        Thread.ofVirtual().start(this::accept);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
            OutputStream out = client.getOutputStream();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                skipRest(in);
                requests.incrementAndGet();
                Reply reply = answer.apply(line);
                byte[] bytes = reply.bytes().getBytes(StandardCharsets.ISO_8859_1);
                for (int i = 0; i < bytes.length; i += reply.pieces() ? 1 : bytes.length) {
                    out.write(bytes, i, reply.pieces() ? 1 : bytes.length);
                    out.flush();
                }
                if (reply.close()) {
                    return;
                }
            }
        } catch (IOException e) {
            // The client went away; the test looks at what it counted.
        }
    }

    private static void skipRest(BufferedReader in) throws IOException {
        long body = 0;
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            if (line.startsWith("Content-Length: ")) {
                body = Long.parseLong(line.substring("Content-Length: ".length()));
            }
        }
        in.skip(body);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
