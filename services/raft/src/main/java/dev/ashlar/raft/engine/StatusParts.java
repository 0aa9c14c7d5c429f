package dev.ashlar.raft.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.microraft.RaftEndpoint;
import io.microraft.impl.state.FollowerState;
import io.microraft.impl.state.LeaderState;
import io.microraft.impl.state.RaftState;

import dev.ashlar.raft.GroupStatus;
import dev.ashlar.raft.Member;
import dev.ashlar.raft.wire.Endpoint;

/**
 * What the status of a replica is made of. Every heartbeat of every group comes by here, so nothing is made anew that is as
 * it was. Engine thread only.
 */
final class StatusParts {
    private StatusParts() {}

    static GroupStatus.Role role(RaftState raft) {
        return switch (raft.role()) {
            case LEADER -> GroupStatus.Role.LEADER;
            case FOLLOWER -> GroupStatus.Role.FOLLOWER;
            case CANDIDATE -> GroupStatus.Role.CANDIDATE;
            case LEARNER -> GroupStatus.Role.LEARNER;
        };
    }

    static Optional<Member> leader(RaftState raft) {
        return Optional.ofNullable(raft.leader()).map(Endpoint::memberOf);
    }

    /** Whether a status has members, and its counters are the present ones; its role, term, leader and members are known to be. */
    static boolean isCurrent(GroupStatus status, RaftState raft, long appliedIndex) {
        LeaderState leader = raft.leaderState();
        return !status.voters().isEmpty()
                && status.commitIndex() == raft.commitIndex()
                && status.appliedIndex() == appliedIndex
                && status.lastIndex() == raft.log().lastLogOrSnapshotIndex()
                && (leader == null || isCurrent(status.matchIndexes(), leader.getFollowerStates()));
    }

    private static boolean isCurrent(Map<Member, Long> known, Map<RaftEndpoint, FollowerState> followers) {
        if (followers.size() != known.size()) {
            return false;
        }
        for (Map.Entry<RaftEndpoint, FollowerState> follower : followers.entrySet()) {
            Long matchIndex = known.get(Endpoint.memberOf(follower.getKey()));
            if (matchIndex == null || matchIndex != follower.getValue().matchIndex()) {
                return false;
            }
        }
        return true;
    }

    /** The status now, with the members of the one before when those have not changed. */
    static GroupStatus next(GroupStatus before, GroupStatus.Role role, RaftState raft, long appliedIndex) {
        long membersIndex = raft.effectiveGroupMembers().getLogIndex();
        boolean sameMembers =
                membersIndex == before.membersIndex() && !before.voters().isEmpty();
        return new GroupStatus(
                before.groupId(),
                before.local(),
                role,
                raft.term(),
                leader(raft),
                raft.commitIndex(),
                appliedIndex,
                raft.log().lastLogOrSnapshotIndex(),
                membersIndex,
                sameMembers ? before.voters() : members(raft.votingMembers()),
                sameMembers ? before.learners() : learners(raft),
                matches(raft));
    }

    private static List<Member> members(Iterable<RaftEndpoint> endpoints) {
        List<Member> members = new ArrayList<>();
        endpoints.forEach(endpoint -> members.add(Endpoint.memberOf(endpoint)));
        return List.copyOf(members);
    }

    private static List<Member> learners(RaftState raft) {
        return members(raft.members().stream()
                .filter(member -> !raft.votingMembers().contains(member))
                .toList());
    }

    private static Map<Member, Long> matches(RaftState raft) {
        LeaderState leader = raft.leaderState();
        if (leader == null) {
            return Map.of();
        }
        Map<Member, Long> matches = new HashMap<>();
        leader.getFollowerStates()
                .forEach((endpoint, follower) -> matches.put(Endpoint.memberOf(endpoint), follower.matchIndex()));
        return Map.copyOf(matches);
    }
}
