package dev.ashlar.bench.load;

/** A cluster under load, by one protocol. */
public interface Target extends AutoCloseable {
    /** The name in reports, e.g. {@code ashlar} or {@code etcd-grpc}. */
    String name();

    /**
     * Prepares whatever can be prepared for these keys and values. Called once per run, before any lane is made.
     *
     * @throws IllegalArgumentException when this target does not know the workload
     */
    void prepare(Payload payload, LoadSpec spec);

    /** How many requests one operation takes, sent one after the other by {@link Client#step}. Known after {@link #prepare}. */
    default int steps() {
        return 1;
    }

    /** The way of one loop's operations to the servers. Called once per loop and run; the lane belongs to that loop's thread. */
    Lane lane(Loop loop);

    /** Lets go of threads that the target itself runs, e.g. one that follows the shard map. */
    @Override
    default void close() {}

    /** Takes the operations of one loop to connections. */
    interface Lane {
        /**
         * Sends the next request of {@code client}'s operation. Never throws for I/O: whatever happens, {@link Loop#completed} is called
         * once, from within this call only with a failure (a success would start the next operation and nest without end).
         */
        void submit(Client client);
    }
}
