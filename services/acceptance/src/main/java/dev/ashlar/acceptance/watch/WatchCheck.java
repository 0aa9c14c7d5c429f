package dev.ashlar.acceptance.watch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.ashlar.acceptance.history.Call;
import dev.ashlar.acceptance.history.Operation;
import dev.ashlar.acceptance.history.Outcome;
import dev.ashlar.common.key.ShardHash;

/**
 * Checks what watches of all keys told against the history of the writes.
 *
 * <ol>
 *   <li>Within a watch the revisions of a shard follow one another: none is left out (lost), comes twice (doubled) or late
 *       (out of order).
 *   <li>Two watches never tell different things of one revision.
 *   <li>Every acknowledged write is told, with its key and its value, by every watch that tells of its revision, and the
 *       watches reach at least as far as the writes.
 * </ol>
 */
public final class WatchCheck {
    private WatchCheck() {}

    /** What is wrong, in words; empty when nothing is. */
    public static List<String> problems(List<List<Seen>> watches, List<Operation> operations, int shards) {
        List<String> problems = new ArrayList<>();
        Map<Integer, Map<Long, Seen>> agreed = new HashMap<>();
        for (int i = 0; i < watches.size(); i++) {
            order(i, watches.get(i), agreed, problems);
        }
        for (Operation operation : operations) {
            long revision = operation.writtenRevision();
            if (revision > 0) {
                int shard = ShardHash.shardOf(operation.key(), shards);
                Seen seen = agreed.getOrDefault(shard, Map.of()).get(revision);
                if (seen == null) {
                    problems.add("no watch told of " + operation);
                } else if (!seen.key().equals(operation.key()) || seen.value() != value(operation)) {
                    problems.add(operation + " was told as " + seen);
                }
            }
        }
        return problems;
    }

    private static void order(
            int watch, List<Seen> events, Map<Integer, Map<Long, Seen>> agreed, List<String> problems) {
        Map<Integer, Long> last = new HashMap<>();
        for (Seen event : events) {
            Long before = last.put(event.shard(), event.revision());
            if (before != null && event.revision() != before + 1) {
                problems.add("watch " + watch + ": revision " + before + " of shard " + event.shard()
                        + " was followed by " + event);
            }
            Seen other = agreed.computeIfAbsent(event.shard(), any -> new HashMap<>())
                    .putIfAbsent(event.revision(), event);
            if (other != null && !other.equals(event)) {
                problems.add("watch " + watch + " told " + event + ", another one " + other);
            }
        }
    }

    private static long value(Operation operation) {
        return operation.outcome() instanceof Outcome.Deleted
                ? -1
                : switch (operation.call()) {
                    case Call.Put put -> put.value();
                    case Call.PutAt put -> put.value();
                    case Call.Create create -> create.value();
                    default -> throw new IllegalArgumentException("no write: " + operation);
                };
    }
}
