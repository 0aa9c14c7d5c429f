package dev.ashlar.coordinator.bootstrap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.ashlar.common.StoreId;
import dev.ashlar.common.cluster.BootstrapStatus;

import static dev.ashlar.coordinator.Fixtures.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BootstrapTableTest {
    /**
     * Answers: {@code a1} is coordinator a with disk 1 and no state, {@code a1=a1+b1+c1} one that has formed that group, a
     * question mark one that does not answer. The process that decides is {@code a1}.
     */
    @ParameterizedTest(name = "expect {0}, answers {1}: {2}")
    @CsvSource({
        "1, a1,                               form a1",
        "3, a1 b1 c1,                         form a1 b1 c1",
        "3, c1 a1 b1,                         form a1 b1 c1",
        "3, a1 b1 ?,                          wait: no answer yet",
        "3, a1 b1,                            wait: discovery names 2",
        "3, a1 b1 c1 d1,                      wait: discovery names 4",
        "1, a1 b1 c1,                         wait: discovery names 3",
        "3, '',                               wait: discovery names 0",
        // A crash in the middle of forming: somebody has decided with this disk.
        "3, a1 b1=a1+b1+c1 c1,                join a1 b1 c1",
        "3, a1 b1=a1+b1+c1 ?,                 join a1 b1 c1",
        "3, a1 b1=a1+b1+c1 c2,                join a1 b1 c1",
        // A lost disk beside a formed group.
        "3, a1 b1=a9+b1+c1 c1=a9+b1+c1,       ask a9 b1 c1",
        "3, a1 b1=b1 c1,                      ask b1",
        "3, a1 b1=b1 c1=c1,                   wait: more than one group",
        // Two groups; one of them has this disk.
        "3, a1 b1=a1+b1+c1 c2=c2+d1+e1,       join a1 b1 c1",
        "3, a1 b1=a1+b1+c1 c2=a1+b1+c2,       wait: two groups claim this disk",
        // Two processes of one name, or this one not in the list.
        "3, a1 b1 b2,                         wait: different coordinators",
        "3, a1 b1 b1,                         wait: different coordinators",
        "3, b1 c1 d1,                         wait: does not name this process",
        "3, a2 b1 c1,                         wait: does not name this process",
    })
    void decides(int expect, String answers, String expected) {
        Bootstrap.Decision decision = Bootstrap.decide(id("a", 1), expect, answers(answers));
        switch (decision) {
            case Bootstrap.Decision.Form form -> {
                assertThat((form.anew() ? "form " : "join ") + members(form.formation()))
                        .isEqualTo(expected);
            }
            case Bootstrap.Decision.Join join ->
                assertThat("ask " + members(join.formation())).isEqualTo(expected);
            case Bootstrap.Decision.Wait wait -> {
                assertThat(expected).startsWith("wait: ");
                assertThat(wait.reason()).contains(expected.substring("wait: ".length()));
            }
        }
    }

    private static String members(Formation formation) {
        return String.join(
                " ",
                formation.members().stream()
                        .map(StoreId::parse)
                        .map(member -> member.name() + Long.parseLong(member.diskId(), 16))
                        .toList());
    }

    @Test
    void allComputeTheSameClusterAndDistinctNumbers() {
        Formation one = Formation.of(List.of("b.0000000000000002", "a.0000000000000001"));
        Formation other = Formation.of(List.of("a.0000000000000001", "b.0000000000000002"));
        assertThat(one).isEqualTo(other);
        assertThat(one.voters())
                .extracting(voter -> voter.nodeId() + "#" + voter.replicaId())
                .containsExactly("a.0000000000000001#1", "b.0000000000000002#2");
        assertThat(Formation.of(List.of("a.0000000000000001")).clusterId()).isNotEqualTo(one.clusterId());
    }

    /** Three processes ask, decide, crash and restart in any order; their disks stay. */
    @Test
    void noInterleavingOfCrashesMakesTwoGroups() {
        for (long seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            Formation[] disks = new Formation[3];
            boolean[] running = new boolean[3];
            for (int step = 0; step < 60; step++) {
                int i = random.nextInt(3);
                if (random.nextInt(4) == 0) {
                    running[i] = !running[i];
                } else if (running[i] && disks[i] == null) {
                    decide(disks, running, i);
                }
            }
            Arrays.fill(running, true);
            for (int i : new int[] {0, 1, 2}) {
                if (disks[i] == null) {
                    decide(disks, running, i);
                }
            }
            Set<Formation> groups = new HashSet<>(Arrays.asList(disks));
            assertThat(groups).as("seed %d", seed).hasSize(1).doesNotContainNull();
        }
    }

    private static void decide(Formation[] disks, boolean[] running, int self) {
        StringBuilder answers = new StringBuilder();
        for (int i = 0; i < disks.length; i++) {
            String name = (char) ('a' + i) + "1";
            answers.append(running[i] ? name + (disks[i] == null ? "" : "=a1+b1+c1") : "?")
                    .append(' ');
        }
        String name = String.valueOf((char) ('a' + self));
        if (Bootstrap.decide(id(name, 1), 3, answers(answers.toString().strip()))
                instanceof Bootstrap.Decision.Form form) {
            disks[self] = form.formation();
        }
    }

    @Test
    void theFileKeepsTheDecision(@TempDir Path directory) throws IOException {
        FormationFile file = new FormationFile(directory);
        assertThat(file.read()).isEqualTo(new FormationFile.Content(Optional.empty(), false, 0));
        FormationFile.Content content = file.read()
                .withIncarnation(7)
                .withFormation(Formation.of(List.of("a.0000000000000001")))
                .asStarted();
        file.write(content);
        assertThat(new FormationFile(directory).read()).isEqualTo(content);
        FormationFile.Content joined =
                content.withFormation(content.formation().orElseThrow().joinedAs(1_700_000_000_000L));
        file.write(joined);
        assertThat(new FormationFile(directory).read()).isEqualTo(joined);
        Files.writeString(directory.resolve("formation"), "incarnation=7\ncluster_id=x\nmembers=what\n");
        assertThatThrownBy(file::read).isInstanceOf(IOException.class).hasMessageContaining("damaged");
    }

    private static List<Answer> answers(String text) {
        return Arrays.stream(text.split(" "))
                .filter(word -> !word.isEmpty())
                .map(word -> new Answer("http://" + word, status(word)))
                .toList();
    }

    private static Optional<BootstrapStatus> status(String word) {
        if (word.equals("?")) {
            return Optional.empty();
        }
        int equals = word.indexOf('=');
        String self = equals < 0 ? word : word.substring(0, equals);
        List<String> members = equals < 0
                ? List.of()
                : Arrays.stream(word.substring(equals + 1).split("\\+"))
                        .map(member -> parse(member).toString())
                        .toList();
        StoreId id = parse(self);
        String clusterId = members.isEmpty() ? "" : Formation.of(members).clusterId();
        return Optional.of(new BootstrapStatus(id.name(), id.diskId(), "", "", clusterId, members));
    }

    private static StoreId parse(String word) {
        return id(word.substring(0, 1), Integer.parseInt(word.substring(1)));
    }
}
