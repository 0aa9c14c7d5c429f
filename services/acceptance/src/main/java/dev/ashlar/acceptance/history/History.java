package dev.ashlar.acceptance.history;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/** Collects operations from many threads. Reading it while somebody still adds gives a part of them. */
public final class History {
    private final Queue<Operation> operations = new ConcurrentLinkedQueue<>();

    public void add(Operation operation) {
        operations.add(operation);
    }

    /** All of them, in the order in which they were added. */
    public List<Operation> all() {
        return List.copyOf(operations);
    }

    /** The operations of each key. */
    public Map<String, List<Operation>> byKey() {
        return operations.stream()
                .collect(Collectors.groupingBy(Operation::key, TreeMap::new, Collectors.toUnmodifiableList()));
    }
}
