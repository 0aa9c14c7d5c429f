package dev.ashlar.coordinator.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

import dev.ashlar.common.StoreId;
import dev.ashlar.common.cluster.Order;
import dev.ashlar.common.cluster.ReplicaInfo;

/**
 * A shard's Raft group as far as members and data matter: an entry is committed when a majority of the voters holds it, a
 * leader is elected by a majority from those that hold the most, one change of members is under way at a time.
 */
final class SimulatedShard {
    /** How long a store may have stopped without the coordinators knowing. */
    private static final long UNNOTICED_MS = 15_000;

    private static final long CHANGE_TIMEOUT_MS = 60_000;

    private record Pending(List<ReplicaInfo> members, long untilMs) {}

    final int shard;
    private final Map<String, SimulatedStore> stores;
    private final Random random;
    List<ReplicaInfo> members;
    long membersIndex;
    long index;
    long leader;
    int term;
    private Optional<Pending> pending = Optional.empty();

    SimulatedShard(int shard, List<ReplicaInfo> members, Map<String, SimulatedStore> stores, Random random) {
        this.shard = shard;
        this.members = members;
        this.stores = stores;
        this.random = random;
    }

    void tick(long nowMs) {
        List<ReplicaInfo> alive = running(voters(members));
        if (leader != 0 && alive.stream().noneMatch(voter -> voter.replica() == leader)) {
            leader = 0;
            // What the dead leader had proposed may have reached a majority, or nobody.
            pending.filter(change -> random.nextBoolean() && isPossible(change.members(), nowMs))
                    .ifPresent(change -> commit(change, nowMs));
            pending = Optional.empty();
        }
        if (leader == 0 && isMajority(alive, members) && random.nextInt(3) == 0) {
            elect(alive);
        }
        if (leader != 0 && isMajority(alive, members)) {
            replicate(alive, nowMs);
        }
        if (leader != 0 && pending.isPresent()) {
            if (isPossible(pending.get().members(), nowMs)) {
                commit(pending.get(), nowMs);
                pending = Optional.empty();
            } else if (nowMs > pending.get().untilMs()) {
                pending = Optional.empty();
            }
        }
    }

    private void elect(List<ReplicaInfo> alive) {
        ReplicaInfo winner = alive.get(random.nextInt(alive.size()));
        for (ReplicaInfo voter : alive) {
            if (copy(voter).orElseThrow().applied > copy(winner).orElseThrow().applied) {
                winner = voter;
            }
        }
        SimulatedCluster.check(
                copy(winner).orElseThrow().applied >= index,
                "shard " + shard + ": the new leader lacks committed entries");
        leader = winner.replica();
        term++;
    }

    private void replicate(List<ReplicaInfo> alive, long nowMs) {
        List<ReplicaInfo> holders =
                alive.stream().filter(voter -> !isSlow(voter, nowMs)).toList();
        if (isMajority(holders, members)) {
            index += 10;
        }
        for (ReplicaInfo member : running(members)) {
            SimulatedStore.Copy copy = copy(member).orElseThrow();
            if (isSlow(member, nowMs)) {
                continue;
            }
            if (copy.applied == 0
                    && copy.catchesUpAtMs == Long.MAX_VALUE
                    && member.kind().equals("learner")) {
                copy.catchesUpAtMs = nowMs + random.nextInt(10_000);
            }
            boolean follows = member.kind().equals("voter") || copy.applied > 0 || nowMs >= copy.catchesUpAtMs;
            if (follows && (isMajority(holders, members) || member.replica() == leader)) {
                copy.applied = index;
                copy.members = members;
                copy.membersIndex = membersIndex;
            }
        }
    }

    /** Whether a majority of these voters is there and has what is committed. */
    private boolean isPossible(List<ReplicaInfo> after, long nowMs) {
        List<ReplicaInfo> holders = running(voters(after)).stream()
                .filter(voter -> !isSlow(voter, nowMs) && copy(voter).orElseThrow().applied == index)
                .toList();
        return isMajority(holders, after);
    }

    private void commit(Pending change, long nowMs) {
        boolean had = hasQuorum(members, nowMs);
        boolean has = hasQuorum(change.members(), nowMs);
        SimulatedCluster.check(
                !had || has,
                "shard " + shard + " lost its quorum by what was ordered: " + members + " -> " + change.members());
        members = change.members();
        membersIndex = ++index;
        for (ReplicaInfo voter : running(voters(members))) {
            if (!isSlow(voter, nowMs)) {
                copy(voter).orElseThrow().applied = index;
                copy(voter).orElseThrow().members = members;
                copy(voter).orElseThrow().membersIndex = index;
            }
        }
        if (voters(members).stream().noneMatch(voter -> voter.replica() == leader)) {
            leader = 0;
        }
    }

    /** As well as anybody could know: what has stopped just now counts as there. */
    private boolean hasQuorum(List<ReplicaInfo> of, long nowMs) {
        List<ReplicaInfo> there = voters(of).stream()
                .filter(voter -> copy(voter).isPresent())
                .filter(voter -> store(voter).running || nowMs - store(voter).stoppedAtMs < UNNOTICED_MS)
                .toList();
        return isMajority(there, of);
    }

    /** The store that leads does as it is told; whether anything comes of it shows later. */
    void obey(StoreId by, Order order, long nowMs) {
        boolean leads = leader != 0 && member(leader).store().equals(by.toString());
        if (!leads) {
            return;
        }
        if (order.type().equals("transfer_leader")) {
            transfer(order.target());
            return;
        }
        if (pending.isPresent() || !Set.copyOf(order.members()).equals(Set.copyOf(members))) {
            return;
        }
        List<ReplicaInfo> after = new ArrayList<>(members);
        after.removeIf(member -> member.replica() == order.target().replica());
        switch (order.type()) {
            case "add_learner" -> after.add(kind(order.target(), "learner"));
            case "promote" -> after.add(kind(order.target(), "voter"));
            case "remove" -> {}
            default -> throw new AssertionError("unexpected order " + order);
        }
        pending = Optional.of(new Pending(List.copyOf(after), nowMs + CHANGE_TIMEOUT_MS));
    }

    private void transfer(ReplicaInfo target) {
        if (running(voters(members)).stream()
                .anyMatch(voter ->
                        voter.replica() == target.replica() && copy(voter).orElseThrow().applied == index)) {
            leader = target.replica();
            term++;
        }
    }

    /** Whether it survives that this store's disk is gone: enough others are there, and have everything. */
    boolean canLose(SimulatedStore victim, long nowMs) {
        if (pending.isPresent()) {
            return false;
        }
        List<ReplicaInfo> others = voters(members).stream()
                .filter(voter -> !voter.store().equals(victim.idText()))
                .filter(voter ->
                        copy(voter).filter(copy -> copy.applied == index).isPresent() && !store(voter).goneForGood)
                .toList();
        return isMajority(others, members);
    }

    boolean isChanging() {
        return pending.isPresent();
    }

    /** As the leader sees them: with the change that is under way. */
    List<ReplicaInfo> effectiveMembers() {
        return pending.map(Pending::members)
                .orElseGet(() -> copy(member(leader)).orElseThrow().members);
    }

    /** Whether a change is under way that makes it one. */
    boolean mayBecomeMember(long replica) {
        return pending.filter(change -> change.members().stream().anyMatch(member -> member.replica() == replica))
                .isPresent();
    }

    boolean isMember(long replica) {
        return members.stream().anyMatch(member -> member.replica() == replica);
    }

    private ReplicaInfo member(long replica) {
        return members.stream()
                .filter(member -> member.replica() == replica)
                .findFirst()
                .orElseThrow();
    }

    private SimulatedStore store(ReplicaInfo member) {
        return stores.get(member.store().substring(0, member.store().lastIndexOf('.')));
    }

    private Optional<SimulatedStore.Copy> copy(ReplicaInfo member) {
        SimulatedStore store = store(member);
        return Optional.ofNullable(store.copies.get(shard))
                .filter(copy -> store.idText().equals(member.store()) && copy.replica == member.replica());
    }

    private boolean isSlow(ReplicaInfo member, long nowMs) {
        return store(member).slow(nowMs);
    }

    private List<ReplicaInfo> running(List<ReplicaInfo> of) {
        return of.stream()
                .filter(member -> store(member).running && copy(member).isPresent())
                .toList();
    }

    static List<ReplicaInfo> voters(List<ReplicaInfo> members) {
        return members.stream().filter(member -> member.kind().equals("voter")).toList();
    }

    private static boolean isMajority(List<ReplicaInfo> some, List<ReplicaInfo> members) {
        return some.size() * 2 > voters(members).size();
    }

    private static ReplicaInfo kind(ReplicaInfo of, String kind) {
        return new ReplicaInfo(of.store(), of.replica(), kind);
    }
}
