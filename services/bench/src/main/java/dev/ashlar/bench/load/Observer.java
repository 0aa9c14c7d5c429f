package dev.ashlar.bench.load;

/** Sees every finished operation, e.g. to find when writes to a shard go on. Called on loop threads: must be quick and safe for several threads. */
@FunctionalInterface
public interface Observer {
    /** Sees nothing. */
    Observer NONE = (client, outcome, endNanos) -> {};

    /** {@code client} still holds the operation: key, kind and start. {@code outcome} as in {@link Outcome}. */
    void finished(Client client, int outcome, long endNanos);
}
