package dev.ashlar.bench.load;

import java.time.Duration;

/**
 * One run of load.
 *
 * @param clients operations in flight at any time, 1..{@value #CLIENTS_MAX}
 * @param warmUp time before counting starts; answers that arrive in it are thrown away
 * @param counted time during which answers are counted; {@link Workload#LOAD} without a pace ignores both and
 *     counts from start to end
 * @param threads selector threads, 1..16; clients are dealt out evenly
 * @param timeout an operation without an answer for so long is an error and its connection is closed
 * @param perSecond operations that begin in each second, whatever the answers do (an open loop, one thread; latency counts
 *     from the moment when an operation was due); 0 for a closed loop: each client begins when its answer is in
 * @param seed of the choice of keys and values: the same for every target that is compared
 */
public record LoadSpec(
        Workload workload,
        int clients,
        Duration warmUp,
        Duration counted,
        int threads,
        Duration timeout,
        int perSecond,
        long seed) {
    /** Most clients of one run; each may need one socket per server. */
    public static final int CLIENTS_MAX = 16_384;

    public LoadSpec {
        if (clients < 1 || clients > CLIENTS_MAX) {
            throw new IllegalArgumentException("clients must be 1 to " + CLIENTS_MAX + ", not " + clients);
        }
        if (threads < 1 || threads > 16) {
            throw new IllegalArgumentException("threads must be 1 to 16, not " + threads);
        }
        if (counted.isNegative() || counted.isZero() || warmUp.isNegative()) {
            throw new IllegalArgumentException("counted seconds must be positive, warm-up not negative");
        }
        if (perSecond < 0 || (perSecond > 0 && threads != 1)) {
            throw new IllegalArgumentException("a load of so many operations per second has one thread");
        }
    }

    /** A closed loop. */
    public LoadSpec(
            Workload workload,
            int clients,
            Duration warmUp,
            Duration counted,
            int threads,
            Duration timeout,
            long seed) {
        this(workload, clients, warmUp, counted, threads, timeout, 0, seed);
    }

    /** A run with one thread, a timeout of 10 s and a fixed seed. */
    public static LoadSpec of(Workload workload, int clients, Duration warmUp, Duration counted) {
        return new LoadSpec(workload, clients, warmUp, counted, 1, Duration.ofSeconds(10), 42);
    }

    /** The same as an open loop. */
    public LoadSpec paced(int operationsPerSecond) {
        return new LoadSpec(workload, clients, warmUp, counted, threads, timeout, operationsPerSecond, seed);
    }
}
