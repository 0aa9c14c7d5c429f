package dev.ashlar.bench.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.ashlar.bench.load.LoadGenerator;
import dev.ashlar.bench.load.LoadResult;
import dev.ashlar.bench.load.LoadSpec;
import dev.ashlar.bench.load.Outcome;
import dev.ashlar.bench.load.Payload;
import dev.ashlar.bench.load.Workload;

import static org.assertj.core.api.Assertions.assertThat;

/** The generator against a server that behaves well, badly, or not at all. */
@Timeout(30)
class HttpLoadTest {
    private static final Payload PAYLOAD = Payload.of("bench/", 50, 24, 16, 1);
    private static final String CREATED = "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}";
    private static final String VALUE = "HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n0123456789abcdef";

    private static LoadResult run(TinyServer server, Workload workload, int clients) throws InterruptedException {
        try (AshlarHttp target = new AshlarHttp("tiny", List.of(server.address()), false, "secret")) {
            LoadSpec spec = new LoadSpec(
                    workload, clients, Duration.ofMillis(50), Duration.ofMillis(300), 2, Duration.ofSeconds(2), 7);
            return new LoadGenerator(PAYLOAD)
                    .run(target, spec, List.of(ProcessHandle.current().pid()));
        }
    }

    @Test
    void everyClientKeepsOneConnection() throws Exception {
        try (TinyServer server = new TinyServer(line -> new TinyServer.Reply(VALUE, false, false))) {
            LoadResult result = run(server, Workload.GET, 4);
            assertThat(result.operations()).isPositive();
            assertThat(result.errors()).isZero();
            assertThat(server.connections).hasValue(4);
            assertThat(result.counts().all().getMaxValue()).isPositive();
            assertThat(result.servers().rssBytes()).isPositive();
        }
    }

    @Test
    void loadWritesEveryKeyOnceAndTriesAgainWhatWasRefused() throws Exception {
        java.util.Set<String> failedOnce = java.util.concurrent.ConcurrentHashMap.newKeySet();
        try (TinyServer server = new TinyServer(line -> new TinyServer.Reply(
                        failedOnce.add(line)
                                ? "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"
                                : CREATED,
                        false,
                        false));
                AshlarHttp target = new AshlarHttp("tiny", List.of(server.address()), false, "")) {
            LoadResult result = new LoadGenerator(PAYLOAD).fill(target, 3, List.of());
            assertThat(result.operations()).isEqualTo(50);
            assertThat(result.counts().errors()).containsEntry(503, 50L);
            assertThat(server.requests).hasValue(100);
            assertThat(failedOnce).contains("PUT /v1/kv/bench/000000000000000049 HTTP/1.1");
        }
    }

    @Test
    void answersInSingleBytesAndInChunks() throws Exception {
        String chunked =
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n01234567\r\n8\r\n01234567\r\n0\r\n\r\n";
        try (TinyServer server = new TinyServer(line -> new TinyServer.Reply(chunked, false, true))) {
            LoadResult result = run(server, Workload.GET, 2);
            assertThat(result.operations()).isPositive();
            assertThat(result.errors()).isZero();
        }
    }

    @Test
    void connectionIsOpenedAgainWhenTheServerClosesIt() throws Exception {
        String closing = VALUE.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
        try (TinyServer server = new TinyServer(line -> new TinyServer.Reply(closing, true, false))) {
            LoadResult result = run(server, Workload.GET, 2);
            assertThat(result.operations()).isPositive();
            assertThat(result.errors()).isZero();
            assertThat(server.connections.get()).isGreaterThan(2);
        }
    }

    @Test
    void connectionCutWithinAnAnswerIsAnError() throws Exception {
        try (TinyServer server = new TinyServer(
                line -> new TinyServer.Reply("HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n012", true, false))) {
            LoadResult result = run(server, Workload.GET, 2);
            assertThat(result.operations()).isZero();
            assertThat(result.counts().errors()).containsOnlyKeys(Outcome.IO);
        }
    }

    @Test
    void transactionWhoseComparesDoNotHoldIsAWrongAnswer() throws Exception {
        Payload grouped = Payload.grouped("bench/", 20, 24, 16, 1);
        String result = "{\"op\":\"put\",\"key\":\"bench/{000000000000001}0\",\"revision\":1,\"created\":false}";
        String done = "{\"succeeded\":true,\"results\":[%s,%s,%s],\"revision\":3}".formatted(result, result, result);
        assertThat(transactions(grouped, done).errors()).isZero();
        LoadResult refused = transactions(grouped, "{\"succeeded\":false,\"results\":[],\"revision\":3}");
        assertThat(refused.operations()).isZero();
        assertThat(refused.counts().errors()).containsOnlyKeys(Outcome.WRONG_ANSWER);
    }

    private static LoadResult transactions(Payload payload, String body) throws Exception {
        String answer = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        try (TinyServer server = new TinyServer(line -> {
                    assertThat(line).isEqualTo("POST /v1/txn HTTP/1.1");
                    return new TinyServer.Reply(answer, false, false);
                });
                AshlarHttp target = new AshlarHttp("tiny", List.of(server.address()), false, "")) {
            LoadSpec spec = LoadSpec.of(Workload.TXN, 2, Duration.ofMillis(50), Duration.ofMillis(300));
            return new LoadGenerator(payload).run(target, spec, List.of());
        }
    }

    @Test
    void acquiringAndReleasingALockIsOneOperation() throws Exception {
        java.util.Queue<String> lines = new java.util.concurrent.ConcurrentLinkedQueue<>();
        try (TinyServer server = new TinyServer(line -> {
                    lines.add(line);
                    return new TinyServer.Reply(
                            line.startsWith("POST") ? VALUE : "HTTP/1.1 204 No Content\r\n\r\n", false, false);
                });
                AshlarHttp target = new AshlarHttp("tiny", List.of(server.address()), false, "")) {
            Payload grouped = Payload.grouped("bench/", 20, 24, 16, 1);
            LoadSpec spec = LoadSpec.of(Workload.LOCK, 1, Duration.ZERO, Duration.ofMillis(300));
            LoadResult result = new LoadGenerator(grouped).run(target, spec, List.of());
            assertThat(result.operations()).isPositive();
            assertThat(result.errors()).isZero();
            // What ends behind the counted time is not counted.
            assertThat(lines.size() / 2).isBetween((int) result.operations(), (int) result.operations() + 1);
            String first = String.valueOf(lines.poll());
            assertThat(first).startsWith("POST /v1/locks/bench/%7B0");
            assertThat(lines.poll()).isEqualTo(first.replace("POST", "DELETE"));
        }
    }

    @Test
    void withAPaceOperationsBeginWhenTheyAreDue() throws Exception {
        try (TinyServer server = new TinyServer(line -> new TinyServer.Reply(CREATED, false, false));
                AshlarHttp target = new AshlarHttp("tiny", List.of(server.address()), false, "")) {
            long start = System.nanoTime();
            LoadSpec spec = LoadSpec.of(Workload.LOAD, 4, Duration.ZERO, Duration.ofSeconds(25))
                    .paced(100);
            LoadResult result = new LoadGenerator(PAYLOAD).run(target, spec, List.of());
            assertThat(result.operations()).isEqualTo(50);
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(490_000_000);
        }
    }

    @Test
    void readOfAnotherSizeIsAWrongAnswer() throws Exception {
        try (TinyServer server =
                new TinyServer(line -> new TinyServer.Reply(CREATED.replace("201", "200"), false, false))) {
            LoadResult result = run(server, Workload.MIXED, 2);
            assertThat(result.counts().reads().getTotalCount()).isZero();
            assertThat(result.counts().errors()).containsKey(Outcome.WRONG_ANSWER);
        }
    }

    @Test
    void nobodyListens() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (AshlarHttp target = new AshlarHttp(
                "nobody", List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)), false, "")) {
            LoadResult result = new LoadGenerator(PAYLOAD)
                    .run(target, LoadSpec.of(Workload.PUT, 2, Duration.ZERO, Duration.ofMillis(200)), List.of());
            assertThat(result.operations()).isZero();
            assertThat(result.counts().errors()).containsOnlyKeys(Outcome.IO);
        }
    }

    @Test
    void serverThatNeverAnswersRunsIntoTheTimeout() throws IOException, InterruptedException {
        try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
                AshlarHttp target = new AshlarHttp(
                        "silent",
                        List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), silent.getLocalPort())),
                        false,
                        "")) {
            LoadSpec spec =
                    new LoadSpec(Workload.PUT, 1, Duration.ZERO, Duration.ofMillis(600), 1, Duration.ofMillis(150), 7);
            LoadResult result = new LoadGenerator(PAYLOAD).run(target, spec, List.of());
            assertThat(result.operations()).isZero();
            assertThat(result.counts().errors()).containsOnlyKeys(Outcome.TIMEOUT);
        }
    }
}
