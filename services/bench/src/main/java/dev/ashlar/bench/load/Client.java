package dev.ashlar.bench.load;

/** One closed-loop client: it has at most one operation in flight. The object is reused for every operation; its loop's thread owns it. */
public final class Client {
    /** Position among all clients of the run. */
    public final int id;

    /** True for a read, false for a write. */
    public boolean read;

    /** Index of the key in the {@link Payload}. */
    public int key;

    /** Index of the value in the {@link Payload}; only for writes. */
    public int value;

    /** Which request of the operation is under way, 0 the first; more than one only for {@link Workload#LOCK}. */
    public int step;

    /** When the operation was handed to the lane, {@link System#nanoTime()}. */
    public long startNanos;

    /** The connection that carries the operation; set by the lane, null when idle. */
    public Link link;

    /** Idle, with the first operation still to be chosen. */
    public Client(int id) {
        this.id = id;
    }
}
