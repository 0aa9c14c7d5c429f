package dev.ashlar.acceptance.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides whether the operations of one key are linearizable (S2), by the search of Wing, Gong and Lowe.
 *
 * <ol>
 *   <li>A configuration is the set of operations already put in order, and the {@link KeyState} after them. From each, try
 *       what may come next: an operation that was invoked before any other remaining one had returned, and whose outcome
 *       the state permits.
 *   <li>A configuration that was met before is not searched again. Sets are bit sets by time of invocation.
 *   <li>An operation that fits and leaves the state as it is (a read, most of all) is taken at once, without a choice: any
 *       order with it later is also one with it here.
 *   <li>Revisions only grow, so of the remaining writes with known revisions only the one with the smallest can be next.
 *   <li>A write with an unknown outcome never has to be ordered, and has no end: it may come at any time after its
 *       invocation, as a last choice. Unconditional ones of a kind are equal but for their invocation, so only the earliest
 *       unused one is tried.
 *   <li>All certain operations are in order: linearizable. No configuration is left: a violation.
 * </ol>
 *
 * <p>Without faults in the store this is close to linear in the number of operations.
 */
public final class KeyChecker {
    /** Configurations before a search is given up. */
    static final int CONFIGURATIONS_MAX = 1_000_000;

    private record Configuration(BitSet certain, BitSet optional, KeyState state) {}

    private record Step(Configuration configuration, Iterator<Configuration> next) {}

    private final List<Operation> certain;
    private final List<Operation> optional;
    private final List<Integer> byRevision;
    private final Set<Configuration> met = new HashSet<>();
    private Configuration furthest;

    private KeyChecker(KeyOperations operations) {
        this.certain = operations.certain();
        this.optional = operations.optional();
        List<Integer> writes = new ArrayList<>();
        for (int i = 0; i < certain.size(); i++) {
            if (certain.get(i).writtenRevision() > 0) {
                writes.add(i);
            }
        }
        writes.sort((a, b) ->
                Long.compare(certain.get(a).writtenRevision(), certain.get(b).writtenRevision()));
        this.byRevision = writes;
    }

    /** @param operations all operations of one key, which did not exist before the first of them */
    public static Verdict check(List<Operation> operations) {
        return new KeyChecker(KeyOperations.of(operations)).search();
    }

    private Verdict search() {
        Deque<Step> stack = new ArrayDeque<>();
        Configuration first = settle(new Configuration(new BitSet(), new BitSet(), KeyState.EMPTY));
        furthest = first;
        push(stack, first);
        while (!stack.isEmpty()) {
            if (met.size() > CONFIGURATIONS_MAX) {
                return new Verdict.Undecided(met.size());
            }
            Step step = stack.peek();
            if (step.configuration().certain().cardinality() == certain.size()) {
                return new Verdict.Linearizable();
            }
            if (step.next().hasNext()) {
                push(stack, settle(step.next().next()));
            } else {
                stack.pop();
            }
        }
        return new Verdict.Violation(explain());
    }

    private void push(Deque<Step> stack, Configuration configuration) {
        if (met.add(configuration)) {
            if (configuration.certain().cardinality() > furthest.certain().cardinality()) {
                furthest = configuration;
            }
            stack.push(new Step(configuration, successors(configuration).iterator()));
        }
    }

    /** Takes every operation that can be next and changes nothing. */
    private Configuration settle(Configuration from) {
        BitSet done = (BitSet) from.certain().clone();
        boolean again = true;
        while (again) {
            again = false;
            long horizon = horizon(done);
            for (int i = done.nextClearBit(0); i < certain.size(); i = done.nextClearBit(i + 1)) {
                if (certain.get(i).invokeNanos() > horizon) {
                    break;
                }
                if (from.state().equals(from.state().after(certain.get(i)))) {
                    done.set(i);
                    again = true;
                }
            }
        }
        return new Configuration(done, from.optional(), from.state());
    }

    private List<Configuration> successors(Configuration from) {
        List<Configuration> next = new ArrayList<>();
        long horizon = horizon(from.certain());
        int write = nextWrite(from.certain());
        for (int i = from.certain().nextClearBit(0);
                i < certain.size();
                i = from.certain().nextClearBit(i + 1)) {
            Operation operation = certain.get(i);
            if (operation.invokeNanos() > horizon) {
                break;
            }
            KeyState state = operation.writtenRevision() > 0 && i != write
                    ? null
                    : from.state().after(operation);
            if (state != null) {
                next.add(new Configuration(with(from.certain(), i), from.optional(), state));
            }
        }
        boolean putTried = false;
        boolean deleteTried = false;
        for (int i = from.optional().nextClearBit(0);
                i < optional.size();
                i = from.optional().nextClearBit(i + 1)) {
            Operation operation = optional.get(i);
            if (operation.invokeNanos() > horizon) {
                break;
            }
            boolean put = operation.call() instanceof Call.Put;
            boolean delete = operation.call() instanceof Call.Delete;
            if (put && putTried || delete && deleteTried) {
                continue;
            }
            putTried |= put;
            deleteTried |= delete;
            KeyState state = from.state().after(operation);
            if (state != null && !state.equals(from.state())) {
                next.add(new Configuration(from.certain(), with(from.optional(), i), state));
            }
        }
        return next;
    }

    /** The earliest return among the operations not yet in order: what is invoked later cannot come before it. */
    private long horizon(BitSet done) {
        long horizon = Long.MAX_VALUE;
        for (int i = done.nextClearBit(0); i < certain.size(); i = done.nextClearBit(i + 1)) {
            Operation operation = certain.get(i);
            if (operation.invokeNanos() > horizon) {
                break;
            }
            horizon = Math.min(horizon, operation.returnNanos());
        }
        return horizon;
    }

    private int nextWrite(BitSet done) {
        int low = 0;
        int high = byRevision.size();
        // Writes enter in the order of their revisions, so those done are a prefix.
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (done.get(byRevision.get(middle))) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low < byRevision.size() ? byRevision.get(low) : -1;
    }

    private static BitSet with(BitSet set, int index) {
        BitSet copy = (BitSet) set.clone();
        copy.set(index);
        return copy;
    }

    private String explain() {
        StringBuilder text = new StringBuilder("after ")
                .append(furthest.certain().cardinality())
                .append(" of ")
                .append(certain.size())
                .append(" operations the key must be: ")
                .append(furthest.state())
                .append(", which none of these explains:");
        int shown = 0;
        for (int i = furthest.certain().nextClearBit(0);
                i < certain.size() && shown < 6;
                i = furthest.certain().nextClearBit(i + 1)) {
            text.append("\n  ").append(line(certain.get(i)));
            shown++;
        }
        lastDone().ifPresent(last -> text.append("\n  last in order: ").append(line(last)));
        return text.toString();
    }

    private Optional<Operation> lastDone() {
        int last = furthest.certain().length() - 1;
        return last < 0 ? Optional.empty() : Optional.of(certain.get(last));
    }

    private String line(Operation operation) {
        long baseNanos = certain.getFirst().invokeNanos();
        return "client " + operation.client() + " " + operation.call() + " -> " + operation.outcome() + " ["
                + (operation.invokeNanos() - baseNanos) / 1_000 + ".."
                + (operation.returnNanos() - baseNanos) / 1_000 + " us]";
    }
}
