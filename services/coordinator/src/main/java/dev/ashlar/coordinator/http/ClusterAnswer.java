package dev.ashlar.coordinator.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import dev.ashlar.access.Access;
import dev.ashlar.common.StoreId;
import dev.ashlar.common.cluster.ClusterView;
import dev.ashlar.common.cluster.CoordinatorInfo;
import dev.ashlar.coordinator.boot.CoordinatorNode;
import dev.ashlar.coordinator.membership.Observed;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.view.ClusterViews;
import dev.ashlar.coordinator.view.Health;

/** The cluster as this coordinator knows it: all of it when it leads, the replicated part otherwise. Any thread. */
@ApplicationScoped
public class ClusterAnswer {
    private final CoordinatorNode node;
    private final Access access;

    @Inject
    ClusterAnswer(CoordinatorNode node, Access access) {
        this.node = node;
        this.access = access;
    }

    ClusterView view() {
        return node.running().map(this::view).orElseGet(this::notFormed);
    }

    private ClusterView view(CoordinatorNode.Running running) {
        ClusterState state = running.group().state();
        Optional<Observed> leading = running.control().observed();
        long nowMs = running.control().nowMs();
        Observed observed = leading.orElseGet(() -> Observed.nothing(nowMs));
        Health health =
                leading.isPresent() ? Health.of(state, observed, node.silentMembers(), nowMs) : follower(running);
        return new ClusterView(
                state.meta().clusterId(),
                node.name(),
                leading.isPresent(),
                state.meta().mapEpoch(),
                ClusterViews.shards(state, observed, nowMs),
                ClusterViews.stores(state, observed, nowMs),
                coordinators(running),
                health.word(),
                health.problems(),
                access.isOn());
    }

    /** A follower knows the map but not who is alive. */
    private Health follower(CoordinatorNode.Running running) {
        List<String> problems = new ArrayList<>();
        Optional<String> leader = running.group().leader();
        problems.add(
                leader.isPresent()
                        ? node.name() + " does not lead the coordinators and did not reach "
                                + StoreId.parse(leader.get()).name() + ", which does"
                        : "the coordinators have no leader; reads and writes go on");
        return new Health("degraded", problems);
    }

    private ClusterView notFormed() {
        return new ClusterView(
                "",
                node.name(),
                false,
                0,
                List.of(),
                List.of(),
                List.of(),
                "unavailable",
                List.of("the coordinators' group is not formed yet: " + node.waitingFor()),
                access.isOn());
    }

    private List<CoordinatorInfo> coordinators(CoordinatorNode.Running running) {
        Optional<String> leader = running.group().leader();
        return node.members().stream()
                .map(member -> new CoordinatorInfo(
                        StoreId.parse(member).name(),
                        node.httpAddress(member),
                        leader.filter(member::equals).isPresent()))
                .toList();
    }
}
