package dev.ashlar.store.feed;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.ashlar.common.key.ShardHash;
import dev.ashlar.store.membership.ClusterMap;
import dev.ashlar.store.membership.MapState;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The feed over a shard on a disk: bounds, shards that are silent, and failures. */
class FeedTest {
    private static final long UNSENT_BYTES_MAX = 8 << 20;
    private static final int VALUE_BYTES = 20_000;
    private static final int CLIENTS = 1_000;
    /** Those that answer. */
    private static final int SHARDS = 3;

    private static final String CLUSTER = "a-cluster";

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private ShardsOnDisk shards;
    private Feed feed;

    @BeforeEach
    void open() throws IOException {
        shards = new ShardsOnDisk(SHARDS);
    }

    @AfterEach
    void close() throws IOException {
        feed.stop();
        shards.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** S8. The control is in the figures: what they would hold without the bound is more than ten times of it. */
    @Test
    void aThousandClientsThatReadNothingHoldNoMoreThanTheBoundAndOthersGoOn() throws IOException {
        feed = feed(1);
        List<Client> silent =
                IntStream.range(0, CLIENTS).mapToObj(i -> new Client(false)).toList();
        Client reader = new Client(true);
        watch(reader, "");
        soon("the reader stands").until(() -> reader.open);
        byte[] value = new byte[VALUE_BYTES];
        shards.put(0, "k0", value);
        soon("the reader is known to read").until(() -> reader.got.size() == 1);
        silent.forEach(client -> watch(client, ""));
        soon("all watches stand").until(() -> silent.stream().allMatch(client -> client.open));
        int events = 1;
        long most = 0;
        // Until some had to go, and then on: the reader must be told all of it.
        for (int after = 0; after < 20; events++) {
            shards.put(0, "k" + events, value);
            int told = events + 1;
            soon("event " + events).until(() -> reader.got.size() >= told);
            most = Math.max(most, feed.unsentBytes());
            after += silent.stream().anyMatch(client -> client.end.equals("tooSlow")) ? 1 : 0;
        }
        assertThat(most).isBetween(UNSENT_BYTES_MAX / 4, UNSENT_BYTES_MAX);
        assertThat(silent.stream().mapToLong(Client::unreadBytes).sum()).isLessThanOrEqualTo(UNSENT_BYTES_MAX);
        assertThat((long) CLIENTS * events * VALUE_BYTES)
                .as("without the bound")
                .isGreaterThan(10 * UNSENT_BYTES_MAX);
        assertThat(reader.end).isEmpty();
        List<String> expected = IntStream.range(0, events)
                .mapToObj(i -> "k" + i + "@" + (i + 1))
                .toList();
        assertThat(reader.got).containsExactlyElementsOf(expected);
    }

    @Test
    void aWatchOfOneKeyNeedsItsShardAlone() throws IOException {
        feed = feed(SHARDS + 1);
        String key = keyOf(0, SHARDS + 1);
        Client one = new Client(true);
        Client all = new Client(true);
        feed.subscribe(new Filter(key, true, 0, Client.PLAIN), Optional.empty(), one, context);
        watch(all, "");
        soon("the watch of one key stands").until(() -> one.open);
        shards.put(0, key, new byte[0]);
        soon("its event").until(() -> !one.got.isEmpty());
        assertThat(all.open)
                .as("a watch of all shards waits for the silent one")
                .isFalse();
    }

    /** It read the first shard again and again, and never came to the last one. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aWatchThatComesBackIsToldOfEveryShardWhileOthersNeverRest(boolean far) throws IOException {
        shards.busy = true;
        shards.far = far;
        for (int shard = 0; shard < SHARDS; shard++) {
            shards.put(shard, "first" + shard, new byte[0]);
        }
        feed = feed(SHARDS);
        Client back = new Client(true);
        watchFrom(new long[SHARDS], back);
        soon("the events of all shards").until(() -> told(back).containsAll(List.of("first0", "first1", "first2")));
        for (int i = 2; i < 20; i++) {
            shards.put(SHARDS - 1, "next" + i, new byte[0]);
            String key = "next" + i;
            soon(key).until(() -> told(back).contains(key));
        }
        // Each event once, in the order of its shard, and its cursor says what has been told up to it, no more and no
        // less.
        long[] position = new long[SHARDS];
        for (String event : back.got) {
            String[] parts = event.split("@");
            int shard = Integer.parseInt(parts[1]);
            assertThat(Long.parseLong(parts[2])).as(event).isEqualTo(++position[shard]);
            assertThat(parts[3]).as(event).isEqualTo(Position.encode(CLUSTER, position));
        }
    }

    /** One step has no room for all of them. */
    @Test
    void aShardThatIsFarBehindDoesNotKeepAWatchFromTheNextOne() throws IOException {
        int rows = 20;
        for (int i = 0; i < rows; i++) {
            for (int shard = 0; shard < SHARDS - 1; shard++) {
                shards.put(shard, "old" + i, new byte[150_000]);
            }
        }
        shards.put(SHARDS - 1, "first", new byte[0]);
        feed = feed(SHARDS);
        Client back = new Client(true);
        watchFrom(new long[SHARDS], back);
        soon("all events").until(() -> back.got.size() == rows * (SHARDS - 1) + 1);
        List<String> keys = back.got.stream().map(event -> event.split("@")[0]).toList();
        assertThat(keys.indexOf("first")).isLessThan(keys.indexOf("old" + (rows - 1)));
    }

    private static Set<String> told(Client client) {
        return client.got.stream().map(event -> event.split("@")[0]).collect(Collectors.toSet());
    }

    private void watchFrom(long[] position, Client client) {
        feed.subscribe(
                new Filter("", false, -1, Client.WITH_CURSORS),
                Optional.of(Position.encode(CLUSTER, position)),
                client,
                context);
    }

    @Test
    void whoWaitsIsWokenWhenTheFeedFails() throws IOException {
        feed = feed(1);
        AtomicInteger ready = new AtomicInteger();
        AtomicInteger woken = new AtomicInteger();
        feed.listen("k", false, context, ready::incrementAndGet, woken::incrementAndGet);
        soon("the listener to be ready").until(() -> ready.get() == 1);
        shards.broken = true;
        soon("it to be woken").until(() -> woken.get() > 0);
        int before = woken.get();
        // Written while the feed knew nothing: no event will tell.
        shards.put(0, "k", new byte[0]);
        shards.broken = false;
        soon("it to look once more").until(() -> woken.get() > before);
        assertThat(ready.get()).isEqualTo(1);
    }

    @Test
    void whoWaitsIsWokenWhenTheStoreStops() {
        feed = feed(1);
        AtomicInteger ready = new AtomicInteger();
        AtomicInteger woken = new AtomicInteger();
        feed.listen("k", false, context, ready::incrementAndGet, woken::incrementAndGet);
        soon("the listener to be ready").until(() -> ready.get() == 1);
        feed.stop();
        soon("it to be woken").until(() -> woken.get() > 0);
    }

    /** The event loops end right after: what the feed still had to say to them would be an error in its thread. */
    @Test
    void itsThreadHasEndedWhenTheStopReturns() {
        Set<Thread> others = feedThreads();
        feed = feed(1);
        List<Client> clients =
                IntStream.range(0, CLIENTS).mapToObj(i -> new Client(true)).toList();
        clients.forEach(client -> watch(client, ""));
        soon("all watches stand").until(() -> clients.stream().allMatch(client -> client.open));
        assertThat(feedThreads()).as("its thread runs").hasSizeGreaterThan(others.size());
        feed.stop();
        assertThat(others).containsAll(feedThreads());
    }

    private static Set<Thread> feedThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("feed") && thread.isAlive())
                .collect(Collectors.toSet());
    }

    private void watch(Client client, String prefix) {
        feed.subscribe(new Filter(prefix, false, -1, Client.PLAIN), Optional.empty(), client, context);
    }

    private Feed feed(int count) {
        ClusterMap map = new ClusterMap() {
            @Override
            public int shards() {
                return count;
            }

            @Override
            public MapState state() {
                return new MapState(CLUSTER, count, 1, new ArrayList<>(), new ArrayList<>());
            }
        };
        return new Feed(map, shards, UNSENT_BYTES_MAX);
    }

    private static String keyOf(int shard, int shards) {
        return IntStream.range(0, 1_000)
                .mapToObj(i -> "key" + i)
                .filter(key -> ShardHash.shardOf(key, shards) == shard)
                .findFirst()
                .orElseThrow();
    }

    private static ConditionFactory soon(String what) {
        return await(what).atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(2));
    }
}
