package dev.ashlar.coordinator.bootstrap;

import java.util.List;
import java.util.Optional;

import dev.ashlar.common.Limits;
import dev.ashlar.common.StoreId;
import dev.ashlar.common.cluster.BootstrapStatus;
import dev.ashlar.raft.GroupStatus;
import dev.ashlar.raft.Member;

/**
 * How the coordinators' own group changes its members. Decided by its leader, one change at a time.
 *
 * <ol>
 *   <li>A coordinator that answers, is of this cluster, asks to be taken in and is no member becomes a learner.
 *   <li>Once it has caught up, the voter of its name, whose disk it has replaced, is removed; then it votes. In this order:
 *       the lost disk never votes again, and a quorum never counts one dead voter more.
 *   <li>A learner whose name answers with another disk, or not at all while all others do, is removed.
 *   <li>A voter is never removed for being away, nor for a name that discovery does not tell: DNS leaves out a pod that has no
 *       address yet, as every one that restarts. Only the disk that has taken its place ends it.
 *   <li>A voter comes or goes only while those that answer are a quorum of the voters then.
 * </ol>
 *
 * <p>Pure: the status of the group and the last answers are arguments.
 */
public final class GroupMembers {
    private static final long LAG_ENTRIES_MAX = 100;

    /** A change to make. */
    public sealed interface Change {
        record AddLearner(Member member) implements Change {}

        record Promote(Member member) implements Change {}

        record Remove(Member member) implements Change {}
    }

    private final GroupStatus status;
    private final List<Answer> answers;
    private final List<BootstrapStatus> heard;

    private GroupMembers(String clusterId, GroupStatus status, List<Answer> answers) {
        this.status = status;
        this.answers = answers;
        this.heard = answers.stream()
                .flatMap(answer -> answer.status().stream())
                .filter(answer -> answer.clusterId().equals(clusterId))
                .toList();
    }

    /**
     * The next change, when there is one.
     *
     * @param status of the leader's replica
     * @param answers of everybody that discovery names, from the last round of questions
     */
    public static Optional<Change> decide(String clusterId, GroupStatus status, List<Answer> answers) {
        if (status.role() != GroupStatus.Role.LEADER || status.membersIndex() > status.commitIndex()) {
            return Optional.empty();
        }
        return new GroupMembers(clusterId, status, answers).decide();
    }

    private Optional<Change> decide() {
        if (!status.learners().isEmpty()) {
            return ofLearner(status.learners().getFirst());
        }
        return heard.stream()
                .filter(answer -> answer.replica() != 0)
                .map(answer -> new Member(id(answer), answer.replica()))
                .filter(member -> !status.voters().contains(member))
                .findFirst()
                .map(Change.AddLearner::new);
    }

    private Optional<Change> ofLearner(Member learner) {
        if (!answers(learner)) {
            boolean replaced = heard.stream().anyMatch(answer -> answer.name().equals(name(learner)));
            return replaced || allAnswer() ? Optional.of(new Change.Remove(learner)) : Optional.empty();
        }
        long lag = status.commitIndex() - status.matchIndexes().getOrDefault(learner, 0L);
        if (lag > LAG_ENTRIES_MAX) {
            return Optional.empty();
        }
        Optional<Member> lost = status.voters().stream()
                .filter(voter -> name(voter).equals(name(learner)))
                .findFirst();
        if (lost.isPresent()) {
            return lost.filter(voter -> isQuorumWithout(voter)).map(Change.Remove::new);
        }
        boolean quorum = (answering() + 1) * 2 > status.voters().size() + 1;
        return quorum && status.voters().size() < Limits.COORDINATORS_MAX
                ? Optional.of(new Change.Promote(learner))
                : Optional.empty();
    }

    private boolean isQuorumWithout(Member gone) {
        long rest = status.voters().stream()
                .filter(voter -> !voter.equals(gone) && answers(voter))
                .count();
        return rest * 2 > status.voters().size() - 1;
    }

    private long answering() {
        return status.voters().stream().filter(this::answers).count();
    }

    private boolean allAnswer() {
        return heard.size() == answers.size();
    }

    private boolean answers(Member member) {
        return member.equals(status.local())
                || heard.stream().anyMatch(answer -> id(answer).equals(member.nodeId()));
    }

    private static String id(BootstrapStatus status) {
        return status.name() + "." + status.diskId();
    }

    private static String name(Member member) {
        return StoreId.parse(member.nodeId()).name();
    }
}
