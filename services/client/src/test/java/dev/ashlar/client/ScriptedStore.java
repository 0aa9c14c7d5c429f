package dev.ashlar.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** A store that answers calls as it was told to, the last answer again and again, and remembers them; and the cluster as it was told. */
public final class ScriptedStore implements AutoCloseable {
    /** What was asked. */
    record Asked(String method, String uri, Map<String, List<String>> headers, String body, long nanos) {
        String header(String name) {
            return headers.getOrDefault(name, List.of("")).getFirst();
        }
    }

    private record Answer(int status, String body, String... headers) {}

    private static final Answer BROKEN = new Answer(0, "");

    final List<Asked> asked = new CopyOnWriteArrayList<>();
    final List<Asked> askedForCluster = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Deque<Answer> answers = new ConcurrentLinkedDeque<>();
    private final HttpServer server;
    private volatile String cluster = "";

    ScriptedStore() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    ScriptedStore answers(int status, String body, String... headers) {
        answers.add(new Answer(status, body, headers));
        return this;
    }

    ScriptedStore refuses(int status, String code, String... headers) {
        return answers(status, "{\"code\":\"" + code + "\",\"detail\":\"because\"}", headers);
    }

    ScriptedStore written(int revision, String... headers) {
        String[] all = java.util.Arrays.copyOf(headers, headers.length + 2);
        all[headers.length] = "ETag";
        all[headers.length + 1] = "\"" + revision + "\"";
        return answers(201, "{\"key\":\"k\",\"revision\":" + revision + ",\"shard\":0}", all);
    }

    /** Closes the connection instead of an answer. */
    ScriptedStore breaks() {
        answers.add(BROKEN);
        return this;
    }

    void cluster(String json) {
        cluster = json;
    }

    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    String url() {
        return "http://" + address();
    }

    /** An address of this machine on which nobody listens. */
    static String deadAddress() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "127.0.0.1:" + socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        Asked request = new Asked(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                Map.copyOf(exchange.getRequestHeaders()),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                System.nanoTime());
        if (request.uri().equals("/v1/cluster")) {
            askedForCluster.add(request);
            send(exchange, new Answer(cluster.isEmpty() ? 404 : 200, cluster));
            return;
        }
        asked.add(request);
        Answer next = answers.size() > 1 ? answers.removeFirst() : answers.getFirst();
        if (next == BROKEN) {
            exchange.close();
        } else {
            send(exchange, next);
        }
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        for (int i = 0; i < answer.headers.length; i += 2) {
            exchange.getResponseHeaders().set(answer.headers[i], answer.headers[i + 1]);
        }
        byte[] bytes = answer.body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
