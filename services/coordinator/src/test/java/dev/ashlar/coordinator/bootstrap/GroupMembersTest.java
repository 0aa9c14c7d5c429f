package dev.ashlar.coordinator.bootstrap;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.ashlar.common.StoreId;
import dev.ashlar.common.cluster.BootstrapStatus;
import dev.ashlar.raft.GroupStatus;
import dev.ashlar.raft.Member;

import static dev.ashlar.coordinator.Fixtures.id;
import static org.assertj.core.api.Assertions.assertThat;

class GroupMembersTest {
    private static final String CLUSTER = "11111111-2222-3333-4444-555555555555";
    private static final long COMMITTED = 1_000;

    /**
     * Members and answers: {@code a1} is coordinator a with disk 1; an answer {@code c2+} asks to be taken in, {@code c2!} is
     * of another cluster, a question mark is somebody who does not answer. The leader is {@code a1}; replica numbers are the
     * disks'.
     */
    @ParameterizedTest(name = "voters {0}, learner {1} with {2} entries, answers {3}: {4}")
    @CsvSource({
        "a1 b1 c1, '', 0,    a1 b1 c1,         ''",
        "a1 b1 c1, '', 0,    a1 b1 ?,          ''",
        // A lost disk.
        "a1 b1 c1, '', 0,    a1 b1 c2,         ''", // it has not asked yet
        "a1 b1 c1, '', 0,    a1 b1 c2!,        ''",
        "a1 b1 c1, '', 0,    a1 b1 c2+,        add c2",
        "a1 b1 c1, c2, 100,  a1 b1 c2+,        ''", // it is behind
        "a1 b1 c1, c2, 1000, a1 b1 c2+,        remove c1",
        "a1 b1 c1, c2, 1000, a1 ? c2+,         ''", // b is needed for the quorum
        "a1 b1,    c2, 1000, a1 b1 c2+,        promote c2",
        "a1 b1 c2, '', 0,    a1 b1 c2+,        ''",
        // It was lost again meanwhile, or went away.
        "a1 b1 c1, c2, 1000, a1 b1 c3+,        remove c2",
        "a1 b1 c1, c2, 1000, a1 b1 ?,          ''",
        // Discovery does not name a voter: DNS leaves out a pod that has no address yet.
        "a1 b1 c1, '', 0,    a1 b1,            ''",
        "a1 b1 c1 d1 e1, '', 0, a1 b1 c1,      ''",
        // More coordinators.
        "a1 b1 c1, '', 0,    a1 b1 c1 d1+ e1+, add d1",
        "a1 b1 c1, d1, 1000, a1 b1 c1 d1+ e1+, promote d1",
    })
    void decides(String voters, String learner, long matched, String answers, String expected) {
        Map<Member, Long> matches = new HashMap<>();
        List<Member> learners = members(learner);
        learners.forEach(member -> matches.put(member, matched));
        GroupStatus status = new GroupStatus(
                0,
                members("a1").getFirst(),
                GroupStatus.Role.LEADER,
                3,
                Optional.of(members("a1").getFirst()),
                COMMITTED,
                COMMITTED,
                COMMITTED,
                7,
                members(voters),
                learners,
                matches);
        String decided = GroupMembers.decide(CLUSTER, status, answers(answers))
                .map(change -> switch (change) {
                    case GroupMembers.Change.AddLearner add -> "add " + word(add.member());
                    case GroupMembers.Change.Promote promote -> "promote " + word(promote.member());
                    case GroupMembers.Change.Remove remove -> "remove " + word(remove.member());
                })
                .orElse("");
        assertThat(decided).isEqualTo(expected);
    }

    private static List<Answer> answers(String text) {
        List<Answer> answers = new ArrayList<>();
        for (String word : text.split(" ")) {
            Optional<BootstrapStatus> status = word.equals("?") ? Optional.empty() : Optional.of(status(word));
            answers.add(new Answer("http://" + word, status));
        }
        return answers;
    }

    private static BootstrapStatus status(String word) {
        StoreId id = parse(word);
        return new BootstrapStatus(
                id.name(),
                id.diskId(),
                "",
                "",
                word.endsWith("!") ? "another" : CLUSTER,
                List.of("a.0000000000000001"),
                1,
                word.endsWith("+") || word.endsWith("!") ? Long.parseLong(id.diskId(), 16) : 0);
    }

    private static List<Member> members(String text) {
        List<Member> members = new ArrayList<>();
        for (String word : text.split(" ")) {
            if (!word.isEmpty()) {
                StoreId id = parse(word);
                members.add(new Member(id.toString(), Long.parseLong(id.diskId(), 16)));
            }
        }
        return members;
    }

    private static StoreId parse(String word) {
        return id(word.substring(0, 1), Integer.parseInt(word.substring(1, 2)));
    }

    private static String word(Member member) {
        return StoreId.parse(member.nodeId()).name() + member.replicaId();
    }
}
