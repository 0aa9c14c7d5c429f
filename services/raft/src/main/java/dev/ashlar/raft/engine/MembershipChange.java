package dev.ashlar.raft.engine;

import java.util.concurrent.CompletableFuture;

import io.microraft.MembershipChangeMode;
import io.microraft.impl.RaftNodeImpl;

import dev.ashlar.raft.Member;
import dev.ashlar.raft.wire.Endpoint;

/**
 * A change of a group's members by one. One that is committed already succeeds at once, so whoever does not know the outcome of a
 * change may ask for it again. Engine thread only.
 */
final class MembershipChange {
    private MembershipChange() {}

    /** @param done when the change is committed, or with an {@link IllegalStateException} that says why it is not */
    static void start(RaftNodeImpl node, Member member, MembershipChangeMode mode, CompletableFuture<Void> done) {
        Endpoint endpoint = new Endpoint(member);
        if (isCommitted(node, endpoint, mode)) {
            done.complete(null);
        } else {
            node.changeMembership(endpoint, mode, node.getCommittedMembers().getLogIndex())
                    .whenComplete((members, error) -> Futures.complete(done, error));
        }
    }

    private static boolean isCommitted(RaftNodeImpl node, Endpoint endpoint, MembershipChangeMode mode) {
        var members = node.getCommittedMembers();
        return switch (mode) {
            case ADD_LEARNER -> members.getMembers().contains(endpoint);
            case ADD_OR_PROMOTE_TO_FOLLOWER -> members.getVotingMembers().contains(endpoint);
            case REMOVE_MEMBER -> !members.getMembers().contains(endpoint);
        };
    }
}
