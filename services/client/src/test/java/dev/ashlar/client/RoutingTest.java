package dev.ashlar.client;

import java.time.Duration;
import java.util.function.BooleanSupplier;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Two stores, one shard: store-0 is the one that the client was told of. */
class RoutingTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final ScriptedStore given = new ScriptedStore();
    private final ScriptedStore other = new ScriptedStore();

    @BeforeEach
    void answers() {
        given.answers(200, "given", "Ashlar-Served-By", "store-0");
        other.answers(200, "other", "Ashlar-Served-By", "store-1");
        other.cluster("{}");
    }

    @AfterEach
    void close() {
        given.close();
        other.close();
    }

    private static String cluster(String first, String second, int leader) {
        return """
                {"stores":[{"name":"store-0","http_address":"%s"},{"name":"store-1","http_address":"%s"}],
                 "shards":[{"shard":0,"leader_replica":%d,"replicas":[{"store":"store-0.aa","replica":1},{"store":"store-1.bb","replica":2}]}]}
                """.formatted(first, second, leader);
    }

    private AshlarClient client() {
        return AshlarClient.builder().endpoints(given.url()).timeout(LONG).build();
    }

    private static void await(BooleanSupplier condition) {
        Awaitility.await().atMost(LONG).until(condition::getAsBoolean);
    }

    private static String read(AshlarClient client) {
        return client.get("k").orElseThrow().text();
    }

    @Test
    void aCallGoesToTheLeaderOnceItIsKnownAndNeverWaitsForThat() {
        given.cluster(cluster(given.address(), other.address(), 2));
        try (AshlarClient client = client()) {
            assertThat(read(client)).isEqualTo("given");
            await(() -> read(client).equals("other"));
            int before = given.asked.size();
            read(client);
            assertThat(given.asked).hasSize(before);
        }
    }

    @Test
    void anAnswerThatAnotherStoreServedHasTheMapFetchedAgain() {
        given.cluster(cluster(given.address(), other.address(), 2));
        try (AshlarClient client = client()) {
            await(() -> read(client).equals("other"));
            // The leader changes, and store-1 forwards.
            other.cluster(cluster(given.address(), other.address(), 1));
            given.cluster(cluster(given.address(), other.address(), 1));
            other.answers(200, "forwarded", "Ashlar-Served-By", "store-0");
            // One answer is left of the old script.
            await(() -> read(client).equals("given"));
        }
        assertThat(given.askedForCluster.size() + other.askedForCluster.size()).isLessThan(30);
    }

    @Test
    void aLeaderThatCannotBeReachedCostsNoCallAnything() {
        given.cluster(cluster(given.address(), ScriptedStore.deadAddress(), 2));
        try (AshlarClient client = client()) {
            read(client);
            await(() -> given.askedForCluster.size() >= 2);
            assertThat(read(client)).isEqualTo("given");
        }
    }

    @Test
    void aLeaderThatDiesIsReplacedByTheGivenEndpointsWithinTheCall() {
        given.cluster(cluster(given.address(), other.address(), 2));
        try (AshlarClient client = client()) {
            await(() -> read(client).equals("other"));
            other.close();
            assertThat(read(client)).isEqualTo("given");
        }
    }

    @Test
    void aClientThatIsToldNotToAsksNobodyForTheCluster() {
        given.cluster(cluster(given.address(), other.address(), 2));
        try (AshlarClient client =
                AshlarClient.builder().endpoints(given.url()).toLeaders(false).build()) {
            for (int i = 0; i < 20; i++) {
                assertThat(read(client)).isEqualTo("given");
            }
        }
        assertThat(given.askedForCluster).isEmpty();
    }
}
