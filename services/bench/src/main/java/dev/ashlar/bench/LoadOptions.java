package dev.ashlar.bench;

import java.util.List;

import picocli.CommandLine.Option;

import dev.ashlar.bench.load.KeyChoice;
import dev.ashlar.bench.load.Payload;
import dev.ashlar.bench.load.Workload;

/** The options that every command with load shares. */
public final class LoadOptions {
    /** The prefix of every key that a benchmark writes. */
    public static final String KEY_PREFIX = "bench/";

    /** Which keys are drawn. */
    public enum Keys {
        UNIFORM,
        ZIPF
    }

    @Option(
            names = "--value-bytes",
            paramLabel = "BYTES",
            defaultValue = "256",
            description = "Size of values (default ${DEFAULT-VALUE}).")
    int valueBytes;

    @Option(
            names = "--key-bytes",
            paramLabel = "BYTES",
            defaultValue = "24",
            description = "Size of keys (default ${DEFAULT-VALUE}).")
    int keyBytes;

    @Option(
            names = "--keys",
            paramLabel = "N",
            defaultValue = "20000",
            description = "Number of keys (default ${DEFAULT-VALUE}).")
    int keys;

    @Option(
            names = "--choice",
            paramLabel = "WORD",
            defaultValue = "uniform",
            description = "How keys are drawn: uniform, zipf (default ${DEFAULT-VALUE}).")
    Keys choice;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            defaultValue = "5",
            description = "Time before counting (default ${DEFAULT-VALUE}).")
    int warmUpSeconds;

    @Option(
            names = "--seconds",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "Time counted (default ${DEFAULT-VALUE}).")
    int seconds;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "1",
            description = "Client threads (default ${DEFAULT-VALUE}).")
    int threads;

    /** Seconds before counting. */
    public int warmUpSeconds() {
        return warmUpSeconds;
    }

    /** Seconds counted. */
    public int seconds() {
        return seconds;
    }

    /** Client threads. */
    public int threads() {
        return threads;
    }

    /** How many keys. */
    public int keys() {
        return keys;
    }

    /** Bytes of a key. */
    public int keyBytes() {
        return keyBytes;
    }

    /** Bytes of a value. */
    public int valueBytes() {
        return valueBytes;
    }

    /** The keys and values. */
    public Payload payload() {
        return Payload.of(KEY_PREFIX, keys, keyBytes, valueBytes, 42);
    }

    /** The keys and values for these workloads: transactions need keys that share a shard. At least {@link #keys}. */
    Payload payload(List<Workload> workloads) {
        int groups = (keys + Payload.GROUP - 1) / Payload.GROUP;
        return workloads.contains(Workload.TXN)
                ? Payload.grouped(KEY_PREFIX, groups, keyBytes, valueBytes, 42)
                : payload();
    }

    /** How keys are drawn. */
    public KeyChoice keyChoice() {
        return switch (choice) {
            case UNIFORM -> new KeyChoice.Uniform(keys);
            case ZIPF -> new KeyChoice.Zipf(keys);
        };
    }
}
