package dev.ashlar.raft.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import dev.ashlar.raft.GroupStatus;
import dev.ashlar.raft.Member;

/**
 * A cluster in virtual time, with its clients' knowledge: which commands were acknowledged. {@link #check} is called after
 * every turn of every engine.
 */
final class SimCluster {
    final SimWorld world;
    final Timing timing = new Timing(250, 1_500);
    final int groupCount;
    final int snapshotEvery;
    private final Map<String, SimNode> nodes = new LinkedHashMap<>();
    private final Map<Integer, List<Long>> acknowledged = new HashMap<>();
    private final Map<Long, Member> leaderOfTerm = new HashMap<>();
    boolean lyingDisk;
    double clockDrift = 0.08;
    private long nextCommand = 1;

    SimCluster(long seed, int nodeCount, int groupCount, int snapshotEvery, Path directory) {
        world = new SimWorld(seed);
        this.groupCount = groupCount;
        this.snapshotEvery = snapshotEvery;
        for (int i = 0; i < nodeCount; i++) {
            String id = "store-" + i + ".000000000000000" + i;
            nodes.put(id, new SimNode(id, this, directory.resolve("node-" + i)));
        }
        for (int group = 0; group < groupCount; group++) {
            acknowledged.put(group, new ArrayList<>());
        }
    }

    double clockRate() {
        return 1 - clockDrift + 2 * clockDrift * world.random.nextDouble();
    }

    List<SimNode> nodes() {
        return List.copyOf(nodes.values());
    }

    SimNode node(String id) {
        return nodes.get(id);
    }

    Set<String> others(SimNode node) {
        return nodes.keySet().stream().filter(id -> !id.equals(node.id)).collect(Collectors.toSet());
    }

    Member member(String id) {
        return new Member(id, new ArrayList<>(nodes.keySet()).indexOf(id) + 1);
    }

    List<Member> members() {
        return nodes.keySet().stream().map(this::member).toList();
    }

    void startAll() {
        nodes().forEach(SimNode::start);
    }

    /** The live node that leads a group in its highest term, not paused. */
    Optional<SimNode> leader(int group) {
        return nodes().stream()
                .filter(node -> node.isUp() && !node.isPaused())
                .filter(node -> node.group(group).status().role() == GroupStatus.Role.LEADER)
                .max((a, b) -> Integer.compare(
                        a.group(group).status().term(), b.group(group).status().term()));
    }

    /** Submits a command to a group's leader, if there is one. */
    void submit(int group) {
        leader(group).ifPresent(node -> {
            long number = nextCommand++;
            node.submit(
                    group, new SimCommand(number, () -> acknowledged.get(group).add(number), failure -> {}));
        });
    }

    List<Integer> acknowledgedPerGroup() {
        return acknowledged.values().stream().map(List::size).toList();
    }

    int acknowledgedCount() {
        return acknowledged.values().stream().mapToInt(List::size).sum();
    }

    /** What must hold at every moment. */
    void check() {
        for (int group = 0; group < groupCount; group++) {
            for (SimNode node : nodes()) {
                if (node.isUp() && !node.isPaused() && node.group(group) != null) {
                    checkLeader(group, node);
                }
            }
        }
    }

    private void checkLeader(int group, SimNode node) {
        GroupStatus status = node.group(group).status();
        if (status.role() == GroupStatus.Role.LEADER) {
            long key = (long) group << 32 | status.term();
            Member before = leaderOfTerm.putIfAbsent(key, status.local());
            if (before != null && !before.equals(status.local())) {
                throw new AssertionError("two leaders of group " + group + " in term " + status.term());
            }
        }
        if (node.group(group).leaseValid()) {
            List<Long> state = node.state(group).applied();
            List<Long> known = acknowledged.get(group);
            // Acknowledged commands are applied in log order, so the newest one present means that all are.
            if (!known.isEmpty() && !contains(state, known.get(known.size() - 1))) {
                throw new AssertionError(node.id + " holds a lease of group " + group
                        + " but lacks the acknowledged command " + known.get(known.size() - 1));
            }
        }
    }

    private static boolean contains(List<Long> state, Long number) {
        for (int i = state.size() - 1; i >= 0; i--) {
            if (state.get(i).equals(number)) {
                return true;
            }
        }
        return false;
    }

    /** At the end, with every node up and healed: nothing acknowledged is missing, all replicas are equal. */
    void checkConverged() {
        for (int group = 0; group < groupCount; group++) {
            List<Long> first = nodes().get(0).state(group).applied();
            for (SimNode node : nodes()) {
                if (!node.state(group).applied().equals(first)) {
                    throw new AssertionError("replicas of group " + group + " differ: " + nodes().get(0).id + " has "
                            + first.size() + " commands, " + node.id + " has "
                            + node.state(group).applied().size());
                }
            }
            for (Long number : acknowledged.get(group)) {
                if (!first.contains(number)) {
                    throw new AssertionError("group " + group + " lost the acknowledged command " + number);
                }
            }
            if (first.size() != Set.copyOf(first).size()) {
                throw new AssertionError("group " + group + " applied a command twice");
            }
        }
    }
}
