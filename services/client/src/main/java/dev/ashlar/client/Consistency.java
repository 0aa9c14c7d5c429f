package dev.ashlar.client;

import java.time.Duration;
import java.util.Optional;

/** How fresh a read is. */
public sealed interface Consistency {
    /** It sees every write that was acknowledged before it began. */
    Consistency LINEARIZABLE = new Linearizable();

    /** Some earlier state, from any replica, also when no majority can be reached. */
    static Consistency stale() {
        return new Stale(Optional.empty());
    }

    /** The same, refused with {@code stale} by a replica that may be further behind. In whole milliseconds. */
    static Consistency stale(Duration staleness) {
        return new Stale(Optional.of(staleness));
    }

    /** Sees every acknowledged write. */
    record Linearizable() implements Consistency {}

    /** An earlier state, perhaps with a bound. */
    record Stale(Optional<Duration> max) implements Consistency {}
}
