package dev.ashlar.raft.engine;

import java.util.Optional;

import io.microraft.impl.RaftNodeImpl;
import io.microraft.impl.state.FollowerState;
import io.microraft.impl.state.LeaderState;
import io.microraft.impl.state.RaftState;
import io.microraft.model.message.AppendEntriesFailureResponse;

/**
 * How a leader finds the end of a log that is much shorter than its own: the way round the slowness of MicroRaft 0.7, which
 * goes back by one entry for each refused request. A new replica of a shard with 25,000 entries cost 25,000 round trips before its
 * first entry, and so did a store that came back after as many, to a leader that was elected meanwhile.
 *
 * <ol>
 *   <li>A follower that lacks the previous entry of a request, since its log ends before it, also refuses the request that
 *       would follow its last entry by one: {@link #hint}. That is as true, and no change of the format; a leader of an older
 *       version ignores it and goes by the refusal that follows.
 *   <li>A leader that hears of a refusal below its next index goes there at once: {@link #heed}. MicroRaft takes one step from
 *       there, which is the follower's end.
 * </ol>
 *
 * <p>Where an entry differs, instead of missing, MicroRaft goes back by one as before: those are the few that nobody
 * acknowledged. Whether the logs meet is verified by the next request as ever (Raft §5.3), so a late or wrong
 * hint costs a round trip and nothing else. Engine thread only.
 */
final class ShortLog {
    private ShortLog() {}

    /** On the follower: what to send before a refusal; empty when the log does not end before what is refused. */
    static Optional<AppendEntriesFailureResponse> hint(RaftNodeImpl raft, AppendEntriesFailureResponse refusal) {
        long firstRefused = raft.state().log().lastLogOrSnapshotIndex() + 2;
        if (refusal.getExpectedNextIndex() <= firstRefused) {
            return Optional.empty();
        }
        return Optional.of(raft.getModelFactory()
                .createAppendEntriesFailureResponseBuilder()
                .setGroupId(refusal.getGroupId())
                .setSender(refusal.getSender())
                .setTerm(refusal.getTerm())
                .setExpectedNextIndex(firstRefused)
                .setQuerySequenceNumber(refusal.getQuerySequenceNumber())
                .setFlowControlSequenceNumber(refusal.getFlowControlSequenceNumber())
                .build());
    }

    /** On the leader: before MicroRaft handles the refusal. */
    static void heed(RaftState raft, AppendEntriesFailureResponse refusal) {
        LeaderState leader = raft.leaderState();
        if (leader == null || refusal.getTerm() != raft.term()) {
            return;
        }
        FollowerState follower = leader.getFollowerStateOrNull(refusal.getSender());
        long refused = refusal.getExpectedNextIndex();
        if (follower != null && refused < follower.nextIndex() && refused - 1 > follower.matchIndex()) {
            follower.nextIndex(refused);
        }
    }
}
