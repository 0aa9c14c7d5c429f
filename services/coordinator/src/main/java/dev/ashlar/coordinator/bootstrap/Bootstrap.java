package dev.ashlar.coordinator.bootstrap;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.ashlar.common.StoreId;
import dev.ashlar.common.cluster.BootstrapStatus;

/**
 * Whether a coordinator with an empty disk may form the group.
 *
 * <ol>
 *   <li>Somebody belongs to a group whose list has this very id (a crash in the middle of forming): form with that list.
 *   <li>Somebody belongs to a group without it: join that group. The number it joins under is of this disk's own making,
 *       and its voters take it in ({@link GroupMembers}).
 *   <li>Discovery names exactly {@code expect} addresses, all answer, all are empty, their names and ids are distinct, and
 *       this process is one of them: form with all.
 *   <li>Else wait.
 * </ol>
 */
public final class Bootstrap {
    private Bootstrap() {}

    /** What to do now. */
    public sealed interface Decision {
        /** Form the group. {@code anew} is false when somebody else has formed it already. */
        record Form(Formation formation, boolean anew) implements Decision {}

        /** Join a group that is formed. */
        record Join(Formation formation) implements Decision {}

        /** Ask again later. The reason is for people. */
        record Wait(String reason) implements Decision {}
    }

    public static Decision decide(StoreId self, int expect, List<Answer> answers) {
        List<BootstrapStatus> statuses =
                answers.stream().flatMap(answer -> answer.status().stream()).toList();
        Set<Formation> formed = statuses.stream()
                .filter(status -> !status.members().isEmpty())
                .map(status -> new Formation(status.clusterId(), status.members()))
                .collect(Collectors.toSet());
        List<Formation> ours =
                formed.stream().filter(formation -> formation.has(self)).toList();
        if (ours.size() == 1) {
            return new Decision.Form(ours.getFirst(), false);
        }
        if (ours.size() > 1) {
            return wait("two groups claim this disk: " + clusterIds(formed) + ". Empty the disks of one of them");
        }
        if (formed.size() == 1) {
            return new Decision.Join(formed.iterator().next());
        }
        if (!formed.isEmpty()) {
            return wait("there is more than one group to join: " + clusterIds(formed)
                    + ". Empty the disks of all but one of them");
        }
        if (answers.size() != expect) {
            return wait("expecting " + expect + " coordinators, discovery names " + answers.size()
                    + (answers.isEmpty() ? "" : ": " + addresses(answers)));
        }
        List<Answer> silent =
                answers.stream().filter(answer -> answer.status().isEmpty()).toList();
        if (!silent.isEmpty()) {
            return wait("no answer yet from " + addresses(silent));
        }
        return formAnew(self, expect, statuses);
    }

    private static Decision formAnew(StoreId self, int expect, List<BootstrapStatus> statuses) {
        Set<String> names = new TreeSet<>();
        Set<String> ids = new TreeSet<>();
        for (BootstrapStatus status : statuses) {
            names.add(status.name());
            ids.add(status.name() + "." + status.diskId());
        }
        if (ids.size() != expect || names.size() != expect) {
            return wait("expecting " + expect + " different coordinators, but these answered: " + ids);
        }
        if (!ids.contains(self.toString())) {
            return wait("discovery does not name this process, " + self + ", but " + ids);
        }
        return new Decision.Form(Formation.of(List.copyOf(ids)), true);
    }

    private static String addresses(List<Answer> answers) {
        return String.join(", ", answers.stream().map(Answer::address).toList());
    }

    private static String clusterIds(Set<Formation> formed) {
        return String.join(
                ", ", formed.stream().map(Formation::clusterId).sorted().toList());
    }

    private static Decision.Wait wait(String reason) {
        return new Decision.Wait(reason);
    }
}
