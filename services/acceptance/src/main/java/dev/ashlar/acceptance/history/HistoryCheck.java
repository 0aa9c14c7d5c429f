package dev.ashlar.acceptance.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import dev.ashlar.common.key.ShardHash;

/**
 * Everything that is asked of a whole history: each key linearizable ({@link KeyChecker}), each shard in one order
 * ({@link ShardOrder}). With a read of every key at the end this includes that no acknowledged write is lost (S1).
 *
 * @param keys keys that were checked
 * @param operations operations in the history
 * @param acknowledgedWrites writes that were answered as done
 * @param unknownWrites writes without a certain outcome
 * @param problems what is wrong, in words; empty when all is well
 */
public record HistoryCheck(int keys, int operations, int acknowledgedWrites, int unknownWrites, List<String> problems) {
    private static final int PROBLEMS_MAX = 20;

    public static HistoryCheck of(History history, int shards) {
        Map<String, List<Operation>> byKey = history.byKey();
        List<String> problems = new ArrayList<>();
        byKey.forEach((key, operations) -> {
            switch (KeyChecker.check(operations)) {
                case Verdict.Linearizable fine -> {}
                case Verdict.Violation violation -> problems.add("key " + key + ": " + violation.explanation());
                case Verdict.Undecided undecided ->
                    problems.add("key " + key + ": undecided after " + undecided.configurations() + " configurations");
            }
        });
        List<Operation> all = history.all();
        all.stream()
                .collect(Collectors.groupingBy(
                        operation -> ShardHash.shardOf(operation.key(), shards), TreeMap::new, Collectors.toList()))
                .forEach((shard, operations) -> ShardOrder.problems(operations)
                        .forEach(problem -> problems.add("shard " + shard + ": " + problem)));
        return new HistoryCheck(
                byKey.size(),
                all.size(),
                (int) all.stream().filter(o -> o.writtenRevision() > 0).count(),
                (int) all.stream()
                        .filter(o -> o.call().isWrite() && o.outcome() instanceof Outcome.Unknown)
                        .count(),
                problems.stream().limit(PROBLEMS_MAX).toList());
    }
}
