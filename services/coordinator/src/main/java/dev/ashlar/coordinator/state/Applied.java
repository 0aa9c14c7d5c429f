package dev.ashlar.coordinator.state;

import java.util.List;
import java.util.Objects;

import dev.ashlar.common.cluster.Event;

/**
 * What a command did.
 *
 * @param state afterwards; the same object when it was refused or changed nothing
 * @param events new lines of the journal
 * @param outcome for the one who proposed it
 */
public record Applied(ClusterState state, List<Event> events, Outcome outcome) {
    public Applied {
        Objects.requireNonNull(state);
        Objects.requireNonNull(outcome);
        events = List.copyOf(events);
    }

    /** What the proposer is told. */
    public sealed interface Outcome {
        /** Done; {@code number} is the incarnation of a registration, the id of a started operator, else 0. */
        record Done(long number) implements Outcome {}

        /** Not permitted in this state, which did not change. */
        record Refused(String reason) implements Outcome {}
    }
}
