package dev.ashlar.acceptance.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Checks the revisions of one shard across its keys.
 *
 * <ol>
 *   <li>No two acknowledged writes have the same revision: that would be two leaders, or a write taken back.
 *   <li>A write that was invoked after another had returned has the larger revision: the log has one order, and it fits
 *       the real time.
 * </ol>
 */
public final class ShardOrder {
    private ShardOrder() {}

    /** What is wrong, in words; empty when nothing is. The operations are all of one shard. */
    public static List<String> problems(List<Operation> operations) {
        List<Operation> writes = new ArrayList<>(operations.stream()
                .filter(operation -> operation.writtenRevision() > 0)
                .sorted(Comparator.comparingLong(Operation::writtenRevision))
                .toList());
        List<String> problems = new ArrayList<>();
        Operation earliestReturn = null;
        for (int i = writes.size() - 1; i >= 0; i--) {
            Operation write = writes.get(i);
            if (i + 1 < writes.size() && writes.get(i + 1).writtenRevision() == write.writtenRevision()) {
                problems.add("two writes have one revision: " + write + " and " + writes.get(i + 1));
            } else if (earliestReturn != null && earliestReturn.returnNanos() < write.invokeNanos()) {
                problems.add("a later write has a smaller revision: " + write + " after " + earliestReturn);
            }
            if (earliestReturn == null || write.returnNanos() < earliestReturn.returnNanos()) {
                earliestReturn = write;
            }
        }
        return problems;
    }
}
