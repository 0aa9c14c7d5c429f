package dev.ashlar.cli.dev;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DevPlanTest {
    private static final Map<Kind, List<String>> PROGRAMS =
            Map.of(Kind.STORE, List.of("store-program"), Kind.COORDINATOR, List.of("coordinator-program"));

    private static DevOptions options(int stores, int coordinators, int offset) {
        return new DevOptions(stores, coordinators, 6, Path.of("/tmp/x/.ashlar"), new PortPlan(offset));
    }

    @Test
    void noTwoProcessesShareAPortEvenAtTheMaximum() {
        Set<Integer> seen = new HashSet<>();
        for (ProcessSpec spec : ProcessPlan.of(options(10, 10, 0), PROGRAMS)) {
            spec.ports().all().forEach(port -> assertThat(seen.add(port))
                    .as("port %d", port)
                    .isTrue());
        }
        assertThat(seen).hasSize(60);
    }

    @Test
    void theFirstPortsAreTheDocumentedOnes() {
        assertThat(new PortPlan(0).of(Kind.STORE, 0)).isEqualTo(new Ports(8080, 9000, 8090));
        assertThat(new PortPlan(0).of(Kind.COORDINATOR, 2)).isEqualTo(new Ports(8182, 9102, 8192));
        assertThat(new PortPlan(1000).of(Kind.STORE, 1)).isEqualTo(new Ports(9081, 10001, 9091));
    }

    @Test
    void offsetsThatLeaveTheRangeOfPortsAreRefused() {
        assertThat(new PortPlan(PortPlan.OFFSET_MAX).of(Kind.COORDINATOR, 9).management())
                .isEqualTo(65535);
        assertThat(new PortPlan(PortPlan.OFFSET_MIN).of(Kind.STORE, 0).http()).isEqualTo(1024);
        assertThatThrownBy(() -> new PortPlan(PortPlan.OFFSET_MAX + 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PortPlan(PortPlan.OFFSET_MIN - 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everythingBindsToLoopbackAndKnowsAllCoordinators() {
        List<ProcessSpec> plan = ProcessPlan.of(options(2, 3, 100), PROGRAMS);
        assertThat(plan)
                .extracting(ProcessSpec::name)
                .containsExactly("coordinator-0", "coordinator-1", "coordinator-2", "store-0", "store-1");
        for (ProcessSpec spec : plan) {
            assertThat(spec.environment())
                    .containsEntry("ASHLAR_NAME", spec.name())
                    .containsEntry("QUARKUS_HTTP_HOST", "127.0.0.1")
                    .containsEntry("QUARKUS_MANAGEMENT_HOST", "127.0.0.1")
                    .containsEntry("ASHLAR_PEER_HOST", "127.0.0.1")
                    .containsEntry("ASHLAR_DATA_DIR", "/tmp/x/.ashlar/" + spec.name())
                    .containsEntry(
                            "ASHLAR_COORDINATORS", "http://127.0.0.1:8280,http://127.0.0.1:8281,http://127.0.0.1:8282");
        }
    }

    @Test
    void onlyCoordinatorsAreToldTheShapeOfTheClusterAndFewStoresMeanFewerReplicas() {
        List<ProcessSpec> plan = ProcessPlan.of(options(2, 1, 0), PROGRAMS);
        assertThat(plan.getFirst().environment())
                .containsEntry("ASHLAR_EXPECT", "1")
                .containsEntry("ASHLAR_EXPECT_STORES", "2")
                .containsEntry("ASHLAR_SHARDS", "6")
                .containsEntry("ASHLAR_REPLICATION_FACTOR", "2");
        assertThat(plan.getLast().environment()).doesNotContainKey("ASHLAR_SHARDS");
    }

    @Test
    void pausesDoubleUpToHalfAMinuteAndStartAnewAfterASteadyRun() {
        RestartPolicy policy = RestartPolicy.FRESH;
        long[] seconds = {1, 2, 4, 8, 16, 30, 30};
        for (long expected : seconds) {
            policy = policy.died(Duration.ofSeconds(2));
            assertThat(policy.pause()).isEqualTo(Duration.ofSeconds(expected));
        }
        assertThat(policy.died(Duration.ofMinutes(1)).pause()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void threeQuickDeathsAreTheEndOnlyBeforeTheClusterWasEverReady() {
        RestartPolicy twice = RestartPolicy.FRESH.died(Duration.ZERO).died(Duration.ZERO);
        assertThat(twice.hopeless(false)).isFalse();
        assertThat(twice.died(Duration.ZERO).hopeless(false)).isTrue();
        assertThat(twice.died(Duration.ZERO).hopeless(true)).isFalse();
    }

    @Test
    void dataOfAnotherShapeIsRefusedWithTheFlagThatKeepsIt() {
        DevLayout made = new DevLayout(3, 3, 6);
        assertThat(made.judge(made)).isEqualTo(new DevLayout.Verdict(List.of(), java.util.Optional.empty()));
        assertThat(made.judge(new DevLayout(3, 3, 12)).refusal().orElseThrow()).contains("--shards 6", "--fresh");
        assertThat(made.judge(new DevLayout(3, 1, 6)).refusal().orElseThrow()).contains("--coordinators 3");
        assertThat(made.judge(new DevLayout(5, 3, 6)).notes())
                .singleElement()
                .asString()
                .contains("empty disk");
        assertThat(made.judge(new DevLayout(2, 3, 6)).notes())
                .singleElement()
                .asString()
                .contains("majority");
        assertThat(made.grownTo(new DevLayout(2, 3, 6))).isEqualTo(made);
    }

    @Test
    void theOwnerOfAPortIsReadFromTheKernelsTable() {
        String listening =
                "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000 0 31337 1 0";
        String connected = listening.replace(" 0A ", " 01 ");
        assertThat(PortOwner.inode(listening, 8080)).contains("31337");
        assertThat(PortOwner.inode(listening, 8081)).isEmpty();
        assertThat(PortOwner.inode(connected, 8080)).isEmpty();
    }
}
