package dev.ashlar.acceptance.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

import dev.ashlar.acceptance.cluster.ClusterSize;
import dev.ashlar.acceptance.cluster.LocalCluster;
import dev.ashlar.acceptance.cluster.ServerProcess;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * This version and the next one together. The next one is this build that pretends: it says that it reads a data format more.
 *
 * <ol>
 *   <li>One store after the other is upgraded; nobody can be finalized on before the last one, and an upgraded store may go
 *       back to the older version.
 *   <li>After {@code finalize} an older version refuses the disk, and the coordinators refuse it an empty one.
 * </ol>
 */
class UpgradeTest {
    private static final int EXIT_REFUSED = 2;
    private static final String NEXT = "dev.ashlar.pretended-format=2";

    @Test
    void bothRunTogetherUntilFinalizeClosesTheClusterToTheOlderOne() {
        List<ServerProcess> upgraded = new ArrayList<>();
        try (LocalCluster cluster = LocalCluster.start("upgrade", new ClusterSize(2, 1, 2))) {
            try {
                run(cluster, upgraded);
            } finally {
                upgraded.forEach(ServerProcess::kill);
            }
        }
    }

    private static void run(LocalCluster cluster, List<ServerProcess> upgraded) {
        Coordinator ask = new Coordinator(cluster);
        ServerProcess first = cluster.stores().get(0);
        ServerProcess second = cluster.stores().get(1);
        ServerProcess coordinator = upgrade(cluster.coordinators().getFirst(), upgraded);
        cluster.await(
                "the upgraded coordinator to lead",
                () -> clusterView(ask, coordinator).path("authoritative").asBoolean());

        ServerProcess firstNext = upgrade(first, upgraded);
        cluster.awaitReady(firstNext);
        cluster.await("finalize to wait for store-1 alone", () -> {
            Coordinator.Reply early = ask.post(coordinator, "/v1/finalize", "");
            String detail = early.body().path("detail").asText();
            return early.problem().equals("409 conflict")
                    && detail.contains("store-1 runs version")
                    && detail.contains("formats up to 1, not 2");
        });

        firstNext.terminate();
        first.start();
        cluster.awaitReady(first);
        first.terminate();
        firstNext.start();
        cluster.awaitReady(firstNext);
        ServerProcess secondNext = upgrade(second, upgraded);
        cluster.awaitReady(secondNext);
        cluster.await("finalize to be taken", () -> ask.post(coordinator, "/v1/finalize", "")
                .body()
                .path("state")
                .asText()
                .equals("data format 2"));
        assertThat(ask.post(coordinator, "/v1/finalize", "")
                        .body()
                        .path("changed")
                        .asBoolean(true))
                .as("a second time")
                .isFalse();
        cluster.await("the disks to be of the new format", () -> secondNext.logContains("of format 2 from now on"));
        secondNext.terminate();
        second.start();
        cluster.await(
                "the older version to refuse the disk", () -> second.exitValue().isPresent());
        assertThat(second.exitValue()).hasValue(EXIT_REFUSED);
        assertThat(second.logContains("has format 2, this version reads formats up to 1"))
                .isTrue();

        ServerProcess empty = second.twin(
                "store-1-old-empty",
                Map.of(
                        "ASHLAR_DATA_DIR",
                        second.dataDir().resolveSibling("empty").toString()));
        upgraded.add(empty);
        empty.start();
        cluster.await(
                "the older version to be refused",
                () -> empty.logContains("refuses: the cluster is finalized at data format 2"));
        empty.kill();
        secondNext.start();
        cluster.awaitReady(secondNext);
    }

    private static ServerProcess upgrade(ServerProcess process, List<ServerProcess> upgraded) {
        ServerProcess next = process.with(NEXT);
        upgraded.add(next);
        process.terminate();
        next.start();
        return next;
    }

    private static JsonNode clusterView(Coordinator ask, ServerProcess coordinator) {
        return ask.get(coordinator, "/v1/cluster").body();
    }
}
