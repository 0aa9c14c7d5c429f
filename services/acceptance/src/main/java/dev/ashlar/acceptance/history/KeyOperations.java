package dev.ashlar.acceptance.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The operations of one key, made ready for the search.
 *
 * <ol>
 *   <li>What failed for certain goes: it did nothing. (If it did, a read that sees its value has no explanation.) So do
 *       reads without an answer.
 *   <li>A put with an unknown outcome whose value somebody has read did take effect: it becomes a certain one. It has the
 *       revision that the reader saw, and took effect before the first such read returned.
 *   <li>The other writes with unknown outcomes are optional. Nobody has read their values, so one stands for all:
 *       {@link KeyState#UNSEEN}.
 * </ol>
 *
 * @param certain must all be in the order, by time of invocation
 * @param optional may be in it, by time of invocation
 */
record KeyOperations(List<Operation> certain, List<Operation> optional) {
    private record Sight(long revision, long returnNanos) {}

    static KeyOperations of(List<Operation> operations) {
        Map<Long, Sight> seen = new HashMap<>();
        for (Operation operation : operations) {
            if (operation.outcome() instanceof Outcome.Found found) {
                seen.merge(
                        found.value(),
                        new Sight(found.revision(), operation.returnNanos()),
                        (a, b) -> a.returnNanos() <= b.returnNanos() ? a : b);
            }
        }
        List<Operation> certain = new ArrayList<>();
        List<Operation> optional = new ArrayList<>();
        for (Operation operation : operations) {
            switch (operation.outcome()) {
                case Outcome.Failed failed -> {}
                case Outcome.Unknown unknown -> {
                    if (operation.call().isWrite()) {
                        Sight sight = seen.get(KeyState.valueOf(operation.call()));
                        if (sight == null) {
                            optional.add(unseen(operation));
                        } else if (sight.returnNanos() >= operation.invokeNanos()) {
                            certain.add(seenPut(operation, sight));
                        }
                        // A value that was read before it was written leaves the read without an explanation.
                    }
                }
                default -> certain.add(operation);
            }
        }
        Comparator<Operation> byInvocation = Comparator.comparingLong(Operation::invokeNanos);
        certain.sort(byInvocation);
        optional.sort(byInvocation);
        return new KeyOperations(certain, optional);
    }

    private static Operation unseen(Operation operation) {
        Call call =
                switch (operation.call()) {
                    case Call.Put put -> new Call.Put(KeyState.UNSEEN);
                    case Call.PutAt put -> new Call.PutAt(KeyState.UNSEEN, put.expectedRevision());
                    case Call.Create create -> new Call.Create(KeyState.UNSEEN);
                    case Call other -> other;
                };
        return new Operation(
                operation.client(),
                operation.key(),
                call,
                operation.outcome(),
                operation.invokeNanos(),
                operation.returnNanos());
    }

    private static Operation seenPut(Operation operation, Sight sight) {
        return new Operation(
                operation.client(),
                operation.key(),
                operation.call(),
                new Outcome.Seen(sight.revision()),
                operation.invokeNanos(),
                sight.returnNanos());
    }
}
