package dev.ashlar.acceptance.api;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import dev.ashlar.acceptance.cluster.ClusterSize;
import dev.ashlar.acceptance.cluster.LocalCluster;
import dev.ashlar.acceptance.cluster.ServerProcess;
import dev.ashlar.common.cluster.ClusterView;
import dev.ashlar.common.cluster.ShardInfo;
import dev.ashlar.common.cluster.StoreInfo;

import static org.assertj.core.api.Assertions.assertThat;

/** The API as its first user tries it, wherever possible through a store that does not lead the shard. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FirstContactTest {
    private LocalCluster cluster;
    private Api api;

    @BeforeAll
    void start() {
        cluster = LocalCluster.start("first-contact", ClusterSize.STANDARD);
        api = new Api(cluster);
    }

    @AfterAll
    void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void aPutThroughOneStoreIsReadThroughEveryOther() {
        Answer put = api.put(cluster.stores().getFirst(), "/v1/kv/hello", "world", "Content-Type", "text/plain");
        assertThat(put.status()).isEqualTo(201);
        assertThat(put.json().path("key").asText()).isEqualTo("hello");
        assertThat(put.etag()).isEqualTo("\"" + put.json().path("revision").asLong() + "\"");
        for (ServerProcess store : cluster.stores()) {
            Answer get = api.get(store, "/v1/kv/hello");
            assertThat(get.status()).isEqualTo(200);
            assertThat(get.text()).isEqualTo("world");
            assertThat(get.etag()).isEqualTo(put.etag());
            assertThat(get.header("Content-Type")).isEqualTo("text/plain");
            assertThat(get.header("Ashlar-Consistency")).isEqualTo("linearizable");
            assertThat(get.header("Ashlar-Served-By"))
                    .isEqualTo(api.leader("hello").name());
        }
    }

    @Test
    void headAndNotModifiedThroughAFollower() {
        ServerProcess follower = api.follower("head");
        Answer put = api.put(follower, "/v1/kv/head", "0123456789");
        Answer head = api.send(follower, "HEAD", "/v1/kv/head", BodyPublishers.noBody());
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("Content-Length")).isEqualTo("10");
        assertThat(head.header("Content-Type")).isEqualTo("application/octet-stream");
        assertThat(head.etag()).isEqualTo(put.etag());
        assertThat(api.get(follower, "/v1/kv/head", "If-None-Match", put.etag()).status())
                .isEqualTo(304);
        assertThat(api.get(follower, "/v1/kv/head", "If-None-Match", "\"987654321\"")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void compareAndSetThroughAFollower() {
        ServerProcess follower = api.follower("cas");
        String first =
                api.put(follower, "/v1/kv/cas", "1", "If-None-Match", "*").etag();
        Answer exists = api.put(follower, "/v1/kv/cas", "2", "If-None-Match", "*");
        assertThat(exists.problem()).isEqualTo("412 exists");
        assertThat(exists.etag()).isEqualTo(first);
        Answer second = api.put(follower, "/v1/kv/cas", "2", "If-Match", first);
        assertThat(second.status()).isEqualTo(200);
        Answer late = api.put(follower, "/v1/kv/cas", "3", "If-Match", first);
        assertThat(late.problem()).isEqualTo("412 revision_mismatch");
        assertThat(late.etag()).isEqualTo(second.etag());
        assertThat(api.get(follower, "/v1/kv/cas").text()).isEqualTo("2");
        Answer deleteLate = api.send(follower, "DELETE", "/v1/kv/cas", BodyPublishers.noBody(), "If-Match", first);
        assertThat(deleteLate.problem()).isEqualTo("412 revision_mismatch");
    }

    @Test
    void aDeletedKeyIsGoneEverywhere() {
        ServerProcess follower = api.follower("gone");
        api.put(follower, "/v1/kv/gone", "x");
        assertThat(api.send(follower, "DELETE", "/v1/kv/gone", BodyPublishers.noBody())
                        .status())
                .isEqualTo(204);
        for (ServerProcess store : cluster.stores()) {
            assertThat(api.get(store, "/v1/kv/gone").problem()).isEqualTo("404 not_found");
        }
        assertThat(api.send(follower, "DELETE", "/v1/kv/gone", BodyPublishers.noBody())
                        .problem())
                .isEqualTo("404 not_found");
    }

    @Test
    void aKeyWithATimeToLiveGoesByItself() {
        ServerProcess follower = api.follower("brief");
        assertThat(api.put(follower, "/v1/kv/brief?ttl=1s", "x").status()).isEqualTo(201);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> api.get(follower, "/v1/kv/brief").status() == 404);
    }

    @Test
    void aRetryWithItsIdempotencyKeyGetsTheFirstAnswerAgain() {
        ServerProcess follower = api.follower("once");
        Answer first = api.put(follower, "/v1/kv/once", "a", "Idempotency-Key", "order-4711");
        Answer again = api.put(api.leader("once"), "/v1/kv/once", "a", "Idempotency-Key", "order-4711");
        assertThat(again.status()).isEqualTo(first.status()).isEqualTo(201);
        assertThat(again.text()).isEqualTo(first.text());
        assertThat(api.get(follower, "/v1/kv/once").etag()).isEqualTo(first.etag());
    }

    @Test
    void aScanGoesOverAllShardsInOrder() {
        List<String> keys = IntStream.range(0, 25)
                .mapToObj(i -> String.format("scan/%02d", i))
                .toList();
        keys.forEach(key -> api.put(cluster.stores().getLast(), "/v1/kv/" + key, "value of " + key));
        ServerProcess store = cluster.stores().getFirst();
        List<String> seen = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = api.get(store, "/v1/kv?prefix=scan/&limit=7&cursor=" + cursor)
                    .json();
            for (JsonNode item : page.path("items")) {
                seen.add(item.path("key").asText());
                assertThat(new String(
                                Base64.getDecoder().decode(item.path("value").asText()), StandardCharsets.UTF_8))
                        .isEqualTo("value of " + item.path("key").asText());
            }
            cursor = page.path("cursor").isNull() ? "" : page.path("cursor").asText();
        } while (!cursor.isEmpty());
        assertThat(seen).isEqualTo(keys);
        JsonNode last = api.get(store, "/v1/kv?prefix=scan/&limit=1&reverse=true&keys_only=true")
                .json()
                .path("items")
                .path(0);
        assertThat(last.path("key").asText()).isEqualTo("scan/24");
        assertThat(last.has("value")).isFalse();
        Answer lines = api.get(store, "/v1/kv?prefix=scan/", "Accept", "application/x-ndjson");
        assertThat(lines.text().lines()).hasSize(keys.size());
    }

    @Test
    void aStaleReadIsServedByAnyReplica() {
        api.put(api.leader("stale"), "/v1/kv/stale", "x");
        ServerProcess follower = api.follower("stale");
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            Answer get = api.get(follower, "/v1/kv/stale?consistency=stale&max_staleness=10s");
            assertThat(get.status()).isEqualTo(200);
            assertThat(get.header("Ashlar-Consistency")).isEqualTo("stale");
            assertThat(get.header("Ashlar-Served-By")).isEqualTo(follower.name());
        });
    }

    @Test
    void keysMayHaveAnyCharacters() {
        for (String path : List.of("app/db/url", "a%20b%2Fc", "%C3%A4%F0%9F%AA%A8", "..", "a//b", "%7Btag%7Dx", "+")) {
            ServerProcess store = cluster.stores().getFirst();
            assertThat(api.put(store, "/v1/kv/" + path, path).status()).as(path).isBetween(200, 201);
            assertThat(api.get(cluster.stores().getLast(), "/v1/kv/" + path).text())
                    .isEqualTo(path);
        }
    }

    @Test
    void theClusterIsTheSameFromEveryStore() {
        List<ClusterView> views = cluster.stores().stream()
                .map(store -> cluster.view(store).orElseThrow())
                .toList();
        for (ClusterView view : views) {
            assertThat(view.clusterId()).hasSize(36).isEqualTo(views.getFirst().clusterId());
            assertThat(view.authoritative()).isFalse();
            assertThat(view.shards()).hasSize(cluster.size().shards());
            assertThat(view.shards()).allSatisfy(shard -> {
                assertThat(shard.replicas()).hasSize(3).allMatch(replica -> replica.kind()
                        .equals("voter"));
                assertThat(shard.leaderReplica()).isPositive();
            });
            assertThat(view.stores())
                    .extracting(StoreInfo::name)
                    .containsExactlyInAnyOrder("store-0", "store-1", "store-2");
            assertThat(view.health()).isEqualTo("ok");
        }
        assertThat(views.getFirst().shards()).extracting(ShardInfo::shard).doesNotHaveDuplicates();
        // Any coordinator answers with what their leader knows.
        assertThat(cluster.coordinators())
                .extracting(coordinator -> cluster.view(coordinator).orElseThrow())
                .allMatch(ClusterView::authoritative)
                .allSatisfy(view -> assertThat(view.stores())
                        .allMatch(store -> store.state().equals("up")));
    }

    @Test
    void theJournalOfTheCoordinatorTellsOfTheStores() {
        Answer events = api.get(cluster.coordinators().getFirst(), "/v1/events?after=0");
        assertThat(events.status()).isEqualTo(200);
        assertThat(events.text()).contains("store-0").contains("store-1").contains("store-2");
    }
}
