package dev.ashlar.acceptance.api;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import dev.ashlar.acceptance.cluster.ClusterSize;
import dev.ashlar.acceptance.cluster.LocalCluster;
import dev.ashlar.acceptance.cluster.ServerProcess;
import dev.ashlar.acceptance.lock.CounterWorker;
import dev.ashlar.acceptance.watch.WatchClient;

import static org.assertj.core.api.Assertions.assertThat;

/** Transactions, batches, ranges, watches, waiting reads and locks on three stores, through one that does not lead. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WholeApiTest {
    private LocalCluster cluster;
    private Api api;

    @BeforeAll
    void start() {
        cluster = LocalCluster.start("whole-api", ClusterSize.STANDARD);
        api = new Api(cluster);
    }

    @AfterAll
    void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private Answer post(ServerProcess store, String path, String body, String... headers) {
        return api.send(store, "POST", path, BodyPublishers.ofString(body), headers);
    }

    @Test
    void aTransactionThroughAFollower() {
        ServerProcess follower = api.follower("{txn}a");
        String create = """
                {"if":[{"key":"{txn}a","absent":true}],
                 "then":[{"op":"put","key":"{txn}a","text":"1"},{"op":"put","key":"{txn}b","text":"2"}],
                 "else":[{"op":"get","key":"{txn}a"}]}""";
        Answer first = post(follower, "/v1/txn", create, "Idempotency-Key", "txn-1");
        assertThat(first.status()).as(first.text()).isEqualTo(200);
        assertThat(first.json().path("succeeded").asBoolean()).isTrue();
        assertThat(post(api.leader("{txn}a"), "/v1/txn", create, "Idempotency-Key", "txn-1")
                        .text())
                .isEqualTo(first.text());
        JsonNode second = post(follower, "/v1/txn", create).json();
        assertThat(second.path("succeeded").asBoolean()).isFalse();
        assertThat(second.path("results").path(0).path("value").asText()).isEqualTo("MQ==");
        for (ServerProcess store : cluster.stores()) {
            assertThat(api.get(store, "/v1/kv/%7Btxn%7Db").text()).isEqualTo("2");
        }
        assertThat(post(
                                follower,
                                "/v1/txn",
                                "{\"then\":[{\"op\":\"get\",\"key\":\"a\"},{\"op\":\"get\",\"key\":\"b\"},"
                                        + "{\"op\":\"get\",\"key\":\"c\"},{\"op\":\"get\",\"key\":\"d\"}]}")
                        .problem())
                .isEqualTo("409 cross_shard");
    }

    @Test
    void aBatchAndARangeOverAllShards() {
        ServerProcess store = cluster.stores().getFirst();
        StringBuilder lines = new StringBuilder();
        StringBuilder items = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            String item = "{\"op\":\"put\",\"key\":\"batch/%03d\",\"text\":\"v%d\"}".formatted(i, i);
            lines.append(item).append('\n');
            items.append(i > 0 ? "," : "").append(item);
        }
        Answer document = post(store, "/v1/batch", "{\"items\":[" + items + "]}");
        assertThat(document.status()).as(document.text()).isEqualTo(200);
        assertThat(document.json().path("items")).hasSize(300);
        Answer stream =
                post(cluster.stores().getLast(), "/v1/batch", lines.toString(), "Content-Type", "application/x-ndjson");
        assertThat(stream.text().lines()).hasSize(300).allMatch(line -> line.startsWith("{\"status\":200,"));
        assertThat(api.get(cluster.stores().get(1), "/v1/kv/batch/299").text()).isEqualTo("v299");
        Answer deleted = api.send(store, "DELETE", "/v1/kv?prefix=batch/", BodyPublishers.noBody());
        assertThat(deleted.json().path("deleted").asInt()).isEqualTo(300);
        assertThat(api.get(store, "/v1/kv?prefix=batch/").json().path("items")).isEmpty();
    }

    @Test
    void everyStoreTellsEveryWatchTheSame() {
        List<WatchClient> watches = new ArrayList<>();
        try {
            for (ServerProcess store : cluster.stores()) {
                watches.add(new WatchClient(List.of(store.ports().url()), 1));
            }
            cluster.await("all watches to begin", () -> watches.stream().allMatch(WatchClient::begun));
            for (int i = 0; i < 60; i++) {
                api.put(cluster.stores().get(i % 3), "/v1/kv/watched/" + i % 20, Integer.toString(i));
            }
            cluster.await("all events", () -> watches.stream()
                    .allMatch(watch -> watch.seen().stream()
                                    .filter(seen -> seen.key().startsWith("watched/"))
                                    .count()
                            >= 60));
            for (WatchClient watch : watches) {
                assertThat(watch.seen().stream()
                                .filter(seen -> seen.key().startsWith("watched/"))
                                .collect(Collectors.groupingBy(
                                        seen -> seen.key(),
                                        Collectors.mapping(seen -> seen.value() / 20, Collectors.toList()))))
                        .hasSize(20)
                        .allSatisfy((key, values) -> assertThat(values).containsExactly(0L, 1L, 2L));
            }
        } finally {
            watches.forEach(WatchClient::close);
        }
    }

    @Test
    void aWaitingReadThroughAFollowerSeesTheChange() {
        ServerProcess follower = api.follower("poll");
        String etag = api.put(follower, "/v1/kv/poll", "1").etag();
        CompletableFuture<Answer> waiting =
                CompletableFuture.supplyAsync(() -> api.get(follower, "/v1/kv/poll?wait=15s", "If-None-Match", etag));
        api.put(api.leader("poll"), "/v1/kv/poll", "2");
        assertThat(waiting.join().text()).isEqualTo("2");
        String now = waiting.join().etag();
        assertThat(api.get(follower, "/v1/kv/poll?wait=1s", "If-None-Match", now)
                        .status())
                .isEqualTo(304);
    }

    @Test
    void aLockThroughAFollower() {
        String lock = "/v1/locks/%7Bl%7Dlock";
        ServerProcess follower = api.follower("{l}lock");
        Answer held = post(follower, lock, "{\"owner\":\"a\"}");
        assertThat(held.status()).as(held.text()).isEqualTo(200);
        long token = held.json().path("fencing_token").asLong();
        Answer refused = post(api.leader("{l}lock"), lock, "{\"owner\":\"b\"}");
        assertThat(refused.problem()).isEqualTo("409 locked");
        assertThat(refused.json().path("owner").asText()).isEqualTo("a");
        CompletableFuture<Answer> waiting =
                CompletableFuture.supplyAsync(() -> post(follower, lock, "{\"owner\":\"b\",\"wait\":\"15s\"}"));
        String fence = "{l}lock=" + token;
        assertThat(api.put(follower, "/v1/kv/%7Bl%7Dk", "1", "Ashlar-Fencing", fence)
                        .status())
                .isEqualTo(201);
        assertThat(api.send(follower, "DELETE", lock, BodyPublishers.ofString("{\"owner\":\"a\"}"))
                        .status())
                .isEqualTo(204);
        assertThat(waiting.join().json().path("fencing_token").asLong()).isGreaterThan(token);
        assertThat(api.put(follower, "/v1/kv/%7Bl%7Dk", "2", "Ashlar-Fencing", fence)
                        .problem())
                .isEqualTo("412 fenced");
    }

    /** Holders are paused past their time between the read and the write of a counter. */
    @Test
    void aCounterUnderALockStaysRightWhenItsHoldersArePaused() {
        int rounds = Integer.getInteger("ashlar.acceptance.rounds", 2);
        CounterRun fenced = CounterRun.of(cluster, 3, 4 * rounds, 4, true);
        long value = Long.parseLong(api.get(cluster.stores().getFirst(), "/v1/kv/" + CounterWorker.KEY)
                .text());
        System.out.printf("counter under a lock: value %d, told %s%n", value, fenced.lines);
        assertThat(fenced.values("ok ")).doesNotHaveDuplicates();
        assertThat(value)
                // One more: the last worker is killed, perhaps between its write and its word.
                .isBetween(
                        (long) fenced.values("ok ").size(),
                        1L
                                + fenced.values("ok ").size()
                                + fenced.values("unknown ").size());
        assertThat(fenced.values("stopping ")).as("holders were paused").isNotEmpty();
        assertThat(fenced.lines).as("and fenced off").contains("fenced");

        // The control: without the fence the paused holder overwrites what others have counted.
        CounterRun unfenced = CounterRun.of(cluster, 2, 3, 3, false);
        List<String> values = unfenced.values("ok ");
        assertThat(values.stream().distinct().count())
                .as("a planted lost update shows")
                .isLessThan(values.size());
    }

    /** Workers on one counter; one that has stopped itself goes on when another one has counted. */
    private static final class CounterRun {
        private final List<String> lines = new CopyOnWriteArrayList<>();

        static CounterRun of(LocalCluster cluster, int workers, int increments, int stopEvery, boolean fenced) {
            String urls =
                    cluster.stores().stream().map(store -> store.ports().url()).collect(Collectors.joining(","));
            CounterRun run = new CounterRun();
            List<Process> processes = new ArrayList<>();
            List<Thread> readers = new ArrayList<>();
            try {
                for (int i = 0; i < workers; i++) {
                    // The last one never stops, so that somebody can always count.
                    Process process = new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-Xmx64m",
                                    "-XX:+UseSerialGC",
                                    "-XX:TieredStopAtLevel=1",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    CounterWorker.class.getName(),
                                    urls,
                                    (fenced ? "fenced-" : "unfenced-") + i,
                                    Integer.toString(i == workers - 1 ? Integer.MAX_VALUE : increments),
                                    Integer.toString(i == workers - 1 ? 0 : stopEvery),
                                    fenced ? "fenced" : "unfenced")
                            .redirectErrorStream(true)
                            .start();
                    processes.add(process);
                    readers.add(Thread.ofVirtual().start(() -> run.read(cluster, process)));
                }
                for (Process process : processes.subList(0, workers - 1)) {
                    process.onExit().join();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                processes.forEach(Process::destroyForcibly);
                for (Thread reader : readers) {
                    try {
                        reader.join();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
            }
            return run;
        }

        private void read(LocalCluster cluster, Process process) {
            try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    lines.add(line);
                    if (line.startsWith("stopping ")) {
                        // By what was counted, not by how many lines came: one from before may come late.
                        long next = number(line);
                        cluster.await("another worker to count", () -> values("ok ").stream()
                                .anyMatch(ok -> number(ok) >= next));
                        // More than once: it may not have stopped yet when it is told to go on.
                        cluster.await("the worker to go on", () -> goesOn(process, out));
                    }
                }
            } catch (IOException ended) {
                // Killed at the end of the run.
            }
        }

        private static boolean goesOn(Process process, BufferedReader out) {
            try {
                new ProcessBuilder("kill", "-CONT", Long.toString(process.pid()))
                        .start()
                        .onExit()
                        .join();
                return out.ready() || !process.isAlive();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static long number(String line) {
            return Long.parseLong(line.substring(line.indexOf(' ') + 1));
        }

        private List<String> values(String kind) {
            return lines.stream().filter(line -> line.startsWith(kind)).toList();
        }
    }
}
