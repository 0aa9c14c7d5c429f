package dev.ashlar.acceptance.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import dev.ashlar.acceptance.cluster.ClusterSize;
import dev.ashlar.acceptance.cluster.LocalCluster;
import dev.ashlar.acceptance.cluster.ServerProcess;
import dev.ashlar.client.AshlarClient;
import dev.ashlar.client.Change;
import dev.ashlar.client.Entry;
import dev.ashlar.client.Fence;
import dev.ashlar.client.HeldLock;
import dev.ashlar.client.Scan;
import dev.ashlar.client.Txn;
import dev.ashlar.client.TxnResult;
import dev.ashlar.client.Watch;
import dev.ashlar.client.WriteOptions;
import dev.ashlar.client.Written;
import dev.ashlar.client.error.AshlarException;
import dev.ashlar.client.error.PreconditionFailedException;
import dev.ashlar.common.cluster.ClusterView;
import dev.ashlar.common.cluster.ShardInfo;
import dev.ashlar.common.key.ShardHash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * S1, S4 and S5 with the Java client: puts, a counter by compare-and-set, transfers by transactions, and a lock that is held, while
 * the store that leads the counter's shard is killed. Every call ends well, each acknowledged write is there, and a watch
 * tells each of them once.
 */
class ClientThroughLeaderKillTest {
    private static final ClusterSize SIZE = new ClusterSize(3, 1, 6);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String COUNTER = "{counter}value";
    private static final String LOCK = "{counter}lock";
    private static final String GUARDED = "{counter}guarded";
    private static final int KEYS = 24;

    private final AtomicBoolean over = new AtomicBoolean();
    private final Map<String, Written> puts = new ConcurrentHashMap<>();
    private final AtomicLong increments = new AtomicLong();
    private final AtomicLong transfers = new AtomicLong();
    private final List<Future<?>> loads = new ArrayList<>();
    private AshlarClient client;

    @Test
    void everyCallEndsWellAndAppliesOnce() throws Exception {
        try (LocalCluster cluster = LocalCluster.start("client", SIZE)) {
            String urls =
                    cluster.stores().stream().map(store -> store.ports().url()).collect(Collectors.joining(","));
            ClientExample.run(urls);
            client = AshlarClient.builder().endpoints(urls).timeout(PATIENCE).build();
            try (Watch watch = client.watch("put/")) {
                cluster.await("the watch to begin", () -> !watch.cursor().isEmpty());
                run(cluster, watch);
            } finally {
                client.close();
            }
        }
    }

    private void run(LocalCluster cluster, Watch watch) throws Exception {
        client.put(COUNTER, "0");
        client.txn(new Txn().put("{acc}a", "1000").put("{acc}b", "0"));
        HeldLock lock = client.lock(LOCK, Duration.ofMinutes(10), Duration.ZERO).orElseThrow();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                for (int i = 0; i < 4; i++) {
                    String writer = "w" + i;
                    loads.add(threads.submit(() -> put(writer)));
                    loads.add(threads.submit(this::count));
                }
                loads.add(threads.submit(this::transfer));
                awaitMore(cluster, "before the kill");
                leaderOfCounter(cluster).kill();
                awaitMore(cluster, "after the kill");
                assertThat(lock.renew()).isTrue();
                client.put(GUARDED, bytes("mine"), WriteOptions.NONE.holding(lock));
            } finally {
                over.set(true);
            }
        }
        for (Future<?> load : loads) {
            load.get();
        }
        checkState();
        checkLock(lock);
        checkWatch(watch);
    }

    private void put(String writer) {
        for (int i = 0; !over.get(); i++) {
            String value = writer + "/" + i;
            puts.put(value, client.put("put/" + i % KEYS, value));
        }
    }

    private void count() {
        while (!over.get()) {
            Entry counter = client.get(COUNTER).orElseThrow();
            byte[] next = bytes(Long.toString(Long.parseLong(counter.text()) + 1));
            try {
                client.put(COUNTER, next, WriteOptions.NONE.ifRevision(counter.revision()));
                increments.incrementAndGet();
            } catch (PreconditionFailedException another) {
                assertThat(another.currentRevision().orElseThrow()).isGreaterThan(counter.revision());
            }
        }
    }

    private void transfer() {
        while (!over.get()) {
            TxnResult both = client.txn(new Txn().get("{acc}a").get("{acc}b"));
            Entry from = both.entry("{acc}a").orElseThrow();
            Entry to = both.entry("{acc}b").orElseThrow();
            TxnResult moved = client.txn(new Txn()
                    .ifRevision("{acc}a", from.revision())
                    .ifRevision("{acc}b", to.revision())
                    .put("{acc}a", Long.toString(Long.parseLong(from.text()) - 1))
                    .put("{acc}b", Long.toString(Long.parseLong(to.text()) + 1)));
            // Nobody else transfers: a transfer that was applied twice would find its compares broken.
            assertThat(moved.succeeded()).isTrue();
            transfers.incrementAndGet();
        }
    }

    private void awaitMore(LocalCluster cluster, String when) {
        long increment = increments.get() + 20;
        long transfer = transfers.get() + 20;
        int put = puts.size() + 100;
        // One that ended early failed: waiting is over, and it tells why.
        BooleanSupplier more = () -> loads.stream().anyMatch(Future::isDone)
                || (increments.get() >= increment && transfers.get() >= transfer && puts.size() >= put);
        cluster.await("puts, increments and transfers " + when, more);
    }

    private static ServerProcess leaderOfCounter(LocalCluster cluster) {
        ClusterView view = cluster.view(cluster.stores().getFirst()).orElseThrow();
        ShardInfo shard = view.shards().stream()
                .filter(each -> each.shard() == ShardHash.shardOf(COUNTER, SIZE.shards()))
                .findFirst()
                .orElseThrow();
        String leader = shard.replicas().stream()
                .filter(replica -> replica.replica() == shard.leaderReplica())
                .findFirst()
                .orElseThrow()
                .store();
        return cluster.stores().stream()
                .filter(store -> leader.startsWith(store.name() + "."))
                .findFirst()
                .orElseThrow();
    }

    private void checkState() {
        assertThat(client.get(COUNTER).orElseThrow().text()).isEqualTo(Long.toString(increments.get()));
        assertThat(client.get("{acc}b").orElseThrow().text()).isEqualTo(Long.toString(transfers.get()));
        assertThat(client.get("{acc}a").orElseThrow().text()).isEqualTo(Long.toString(1000 - transfers.get()));
        // The last acknowledged write of each key is what is there.
        Map<String, Written> last = puts.values().stream()
                .collect(Collectors.toMap(
                        Written::key, written -> written, (one, two) -> one.revision() > two.revision() ? one : two));
        List<Entry> entries = client.scan(Scan.prefix("put/").pages(5)).toList();
        assertThat(entries).hasSameSizeAs(last.keySet()).allSatisfy(entry -> {
            assertThat(entry.revision()).isEqualTo(last.get(entry.key()).revision());
            assertThat(puts.get(entry.text()).revision()).isEqualTo(entry.revision());
        });
    }

    private void checkLock(HeldLock lock) {
        assertThat(client.lock(LOCK, Duration.ofSeconds(30), Duration.ZERO)).isEmpty();
        Fence old = lock.fence();
        assertThat(lock.release()).isTrue();
        try (HeldLock next =
                client.lock(LOCK, Duration.ofSeconds(30), Duration.ZERO).orElseThrow()) {
            assertThat(next.fencingToken()).isGreaterThan(old.token());
            AshlarException fenced = catchThrowableOfType(
                    AshlarException.class, () -> client.put(GUARDED, bytes("late"), WriteOptions.NONE.holding(old)));
            assertThat(fenced.code()).isEqualTo("fenced");
        }
        assertThat(client.get(GUARDED).orElseThrow().text()).isEqualTo("mine");
    }

    private void checkWatch(Watch watch) throws InterruptedException {
        List<Change> told = new ArrayList<>();
        while (told.size() < puts.size()) {
            told.add(watch.poll(PATIENCE).orElseThrow());
        }
        assertThat(watch.poll(Duration.ofMillis(200)))
                .as("nothing is told twice")
                .isEmpty();
        assertThat(problems(told)).isEmpty();
        System.out.printf(
                "client: %d puts, %d increments, %d transfers through the kill of a leader%n",
                puts.size(), increments.get(), transfers.get());
        // The control: one told twice in place of another must not pass.
        List<Change> planted = new ArrayList<>(told);
        planted.set(0, told.getLast());
        assertThat(problems(planted)).isNotEmpty();
    }

    private List<String> problems(List<Change> told) {
        Map<String, Long> counts = told.stream()
                .collect(Collectors.groupingBy(
                        change -> change.entry().orElseThrow().text() + "@" + change.revision(),
                        Collectors.counting()));
        return puts.entrySet().stream()
                .map(put -> put.getKey() + "@" + put.getValue().revision())
                .filter(write -> counts.getOrDefault(write, 0L) != 1)
                .toList();
    }

    @Test
    void theExampleIsTheDocumentedOne() throws IOException {
        Path home = LocalCluster.home();
        String source = Files.readString(
                home.resolve("services/acceptance/src/test/java/dev/ashlar/acceptance/client/ClientExample.java"));
        String example = source.substring(
                source.indexOf("// example begins") + "// example begins".length(), source.indexOf("// example ends"));
        assertThat(Files.readString(home.resolve("docs/clients.md")).replaceAll("\\s+", ""))
                .contains(example.replaceAll("\\s+", ""));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
