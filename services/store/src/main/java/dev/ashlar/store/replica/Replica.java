package dev.ashlar.store.replica;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import dev.ashlar.raft.GroupStatus;
import dev.ashlar.raft.Member;
import dev.ashlar.raft.ReplicatedGroup;
import dev.ashlar.store.kv.KvReader;

/** A replica that runs here: its place in the group, its keys, and its time when it leads. */
public record Replica(int shard, Member local, ReplicatedGroup group, KvReader kv, LeaderClock clock) {
    public Replica(int shard, Member local, ReplicatedGroup group, KvReader kv) {
        this(shard, local, group, kv, new LeaderClock(kv::timeMs));
    }

    /** The time to stamp a command with, in milliseconds; only what is submitted while this replica leads can use it. */
    public long nowMs() {
        return clock.nowMs(group.status().term());
    }

    /** The node that this replica takes for the leader; empty when it knows of none. */
    public String leaderNode() {
        return group.status().leader().map(Member::nodeId).orElse("");
    }

    public boolean leads() {
        return group.status().role() == GroupStatus.Role.LEADER;
    }

    /** Whether it was removed from its group or stopped by a fault: it hears of no leader any more. */
    public boolean stopped() {
        return group.status().role() == GroupStatus.Role.STOPPED;
    }

    /** Whether it is a voter by the newest members that it knows. */
    public boolean votes() {
        return group.status().voters().contains(local);
    }

    /** Committed entries that are not applied here yet. */
    public long lagEntries() {
        GroupStatus status = group.status();
        return Math.max(0, status.commitIndex() - status.appliedIndex());
    }

    /** The other voter that has the most of the log: whom leadership goes to best. Empty when this replica does not lead. */
    public Optional<Member> bestSuccessor() {
        return bestSuccessor(Set.of());
    }

    /** As {@link #bestSuccessor()}, but for those that did not take over before, as long as there are others. */
    public Optional<Member> bestSuccessor(Set<Member> refused) {
        GroupStatus status = group.status();
        Map<Member, Long> matched = status.matchIndexes();
        return status.voters().stream()
                .filter(voter -> !voter.equals(local) && matched.containsKey(voter))
                .max(Comparator.<Member, Boolean>comparing(voter -> !refused.contains(voter))
                        .thenComparing(matched::get));
    }

    /** Why this replica cannot be relied on: its state failed, or its bytes on the disk are wrong. Empty when it can. */
    public String damage() {
        return Stream.of(group.fault(), group.logDamage(), kv.damage())
                .filter(reason -> !reason.isEmpty())
                .findFirst()
                .orElse("");
    }
}
