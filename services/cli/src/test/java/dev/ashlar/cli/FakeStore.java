package dev.ashlar.cli;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** An HTTP server that gives the answers it was told to give, in order, and remembers what it was asked. */
final class FakeStore implements Closeable {
    /** What was asked. */
    record Asked(String method, String uri, Map<String, List<String>> headers, String body) {
        String header(String name) {
            List<String> values = headers.get(name);
            return values == null ? null : values.getFirst();
        }
    }

    private record Canned(int status, Map<String, String> headers, String body) {}

    private final HttpServer server;
    private final Deque<Canned> answers = new ConcurrentLinkedDeque<>();
    final List<Asked> asked = new CopyOnWriteArrayList<>();

    FakeStore() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        server.createContext("/", this::handle);
        server.start();
    }

    FakeStore answers(int status, String body, String... headers) {
        Map<String, String> all = new java.util.HashMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], headers[i + 1]);
        }
        answers.add(new Canned(status, all, body));
        return this;
    }

    FakeStore refuses(int status, String code, String detail, String... headers) {
        return answers(
                status,
                "{\"type\":\"about:blank\",\"title\":\"T\",\"status\":" + status + ",\"code\":\"" + code
                        + "\",\"detail\":\"" + detail + "\"}",
                headers);
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        asked.add(new Asked(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                Map.copyOf(exchange.getRequestHeaders()),
                body));
        // The last answer stays.
        Canned canned = answers.size() > 1 ? answers.removeFirst() : answers.getFirst();
        canned.headers().forEach(exchange.getResponseHeaders()::set);
        byte[] bytes = canned.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(canned.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
