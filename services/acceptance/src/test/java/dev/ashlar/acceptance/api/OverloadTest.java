package dev.ashlar.acceptance.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import dev.ashlar.acceptance.cluster.ClusterSize;
import dev.ashlar.acceptance.cluster.LocalCluster;
import dev.ashlar.acceptance.cluster.ServerProcess;

import static org.assertj.core.api.Assertions.assertThat;

/** More than a store can take: requests, connections, heads that never end. It answers, closes and goes on (S8). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OverloadTest {
    private static final int CONCURRENCY = 64;
    private static final int CLIENTS = 4 * CONCURRENCY;
    private static final int REQUESTS_PER_CLIENT = 40;
    private static final int CONNECTIONS = 400;
    private static final int SLOW = 50;
    private static final long GROWTH_KIB_MAX = 200 << 10;
    private static final int SOCKET_TIMEOUT_MS = 60_000;

    private LocalCluster cluster;
    private Api api;
    private ServerProcess store;

    @BeforeAll
    void start() {
        cluster = LocalCluster.start("overload", new ClusterSize(1, 1, 2), (name, environment) -> {
            environment.put("ASHLAR_CONCURRENCY_MAX", Integer.toString(CONCURRENCY));
            environment.put("ASHLAR_CONNECTIONS_PER_CLIENT_MAX", Integer.toString(CONNECTIONS));
        });
        api = new Api(cluster);
        store = cluster.stores().getFirst();
    }

    @AfterAll
    void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @AfterEach
    void itStillServes() {
        assertThat(store.isAlive()).isTrue();
        cluster.await("a write to be taken", () -> {
            try {
                return api.put(store, "/v1/kv/still-there", "x").status() < 300;
            } catch (java.io.UncheckedIOException closed) {
                return false; // the places of the connections are given back as they close
            }
        });
    }

    @Test
    void underFourTimesTheLoadEveryRequestIsAnsweredAndMemoryStaysBounded() throws Exception {
        run(CONCURRENCY); // warm: the heap and the caches have their size
        long before = rssKiB();
        Map<Integer, Integer> answers = run(CLIENTS);
        System.out.println(
                "overload: " + CLIENTS + " clients, " + answers + ", RSS " + before + " -> " + rssKiB() + " KiB");
        assertThat(answers.values().stream().mapToInt(Integer::intValue).sum())
                .isEqualTo(CLIENTS * REQUESTS_PER_CLIENT);
        assertThat(answers.keySet()).isSubsetOf(200, 201, 429, 503, 504);
        assertThat(answers.getOrDefault(200, 0) + answers.getOrDefault(201, 0))
                .as("served")
                .isPositive();
        assertThat(answers.getOrDefault(429, 0)).as("refused").isPositive();
        assertThat(rssKiB() - before).as("growth of RSS in KiB").isLessThan(GROWTH_KIB_MAX);
    }

    /** Answers by status. Every client has a connection of its own and sends the next request after the last answer. */
    private Map<Integer, Integer> run(int clients) throws Exception {
        Map<Integer, Integer> answers = new ConcurrentHashMap<>();
        List<Future<?>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int client = 0; client < clients; client++) {
                int number = client;
                running.add(threads.submit(() -> {
                    client(number, answers);
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
        return new TreeMap<>(answers);
    }

    private void client(int number, Map<Integer, Integer> answers) throws IOException {
        String body = "v".repeat(4_096);
        try (Socket socket = connect()) {
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            for (int i = 0; i < REQUESTS_PER_CLIENT; i++) {
                out.write(("PUT /v1/kv/load/" + number + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length()
                                + "\r\n\r\n" + body)
                        .getBytes(StandardCharsets.US_ASCII));
                String head = head(in);
                assertThat(head).startsWith("HTTP/1.1 ");
                int status = Integer.parseInt(head.substring(9, 12));
                answers.merge(status, 1, Integer::sum);
                if (status == 429 || status == 503) {
                    assertThat(head.toLowerCase(java.util.Locale.ROOT)).contains("retry-after: ");
                }
                String length =
                        head.toLowerCase(java.util.Locale.ROOT).replaceFirst("(?s).*content-length: (\\d+).*", "$1");
                in.readNBytes(Integer.parseInt(length));
                if (head.toLowerCase(java.util.Locale.ROOT).contains("connection: close")) {
                    // A refused body that had not come whole ends its connection: go on with another.
                    restOf(number, i + 1, answers);
                    return;
                }
            }
        }
    }

    private void restOf(int number, int done, Map<Integer, Integer> answers) throws IOException {
        for (int i = done; i < REQUESTS_PER_CLIENT; i++) {
            Answer answer = api.put(store, "/v1/kv/load/" + number, "v");
            answers.merge(answer.status(), 1, Integer::sum);
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("closed without an answer after '" + head + "'");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    @Test
    void headsThatNeverEndAreClosed() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < SLOW; i++) {
                Socket socket = connect();
                slow.add(socket);
                write(socket, "GET /v1/kv/a HTTP/1.1\r\nHost: a\r\nX-Slow: ");
            }
            assertThat(api.put(store, "/v1/kv/beside", "x").status()).isBetween(200, 201);
            Awaitility.await("slow heads to be closed")
                    .atMost(Duration.ofSeconds(120))
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> slow.stream().allMatch(OverloadTest::isClosedAfterAnotherByte));
        } finally {
            closeAll(slow);
        }
    }

    @Test
    void aFloodOfHeadersIsRefused() throws IOException {
        try (Socket socket = connect()) {
            write(socket, "GET /v1/kv/a HTTP/1.1\r\nHost: a\r\n");
            boolean closed = false;
            for (int i = 0; i < 100_000 && !closed; i++) {
                try {
                    write(socket, "X-" + i + ": flood\r\n");
                } catch (IOException reset) {
                    closed = true;
                }
            }
            assertThat(closed)
                    .as("a head of more than a megabyte is not read to its end")
                    .isTrue();
        }
    }

    @Test
    void oneClientHasABoundedNumberOfConnections() throws Exception {
        List<Socket> open = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS + 100; i++) {
                open.add(connect());
            }
            Awaitility.await("connections beyond the limit to be closed")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> open.stream().filter(OverloadTest::isClosed).count() >= 100);
            assertThat(open.stream().filter(socket -> !isClosed(socket)).count())
                    .as("those within the limit")
                    .isPositive();
        } finally {
            closeAll(open);
        }
    }

    private static boolean isClosedAfterAnotherByte(Socket socket) {
        try {
            write(socket, "x");
        } catch (IOException closed) {
            return true;
        }
        return isClosed(socket);
    }

    private static boolean isClosed(Socket socket) {
        try {
            socket.setSoTimeout(1);
            return socket.getInputStream().read() < 0;
        } catch (java.net.SocketTimeoutException open) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    private Socket connect() throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), store.ports().http());
        socket.setSoTimeout(SOCKET_TIMEOUT_MS);
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    private static void closeAll(List<Socket> sockets) throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private long rssKiB() throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(store.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
