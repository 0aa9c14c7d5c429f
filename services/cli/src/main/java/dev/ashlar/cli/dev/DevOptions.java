package dev.ashlar.cli.dev;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.ashlar.common.Limits;

/**
 * What {@code ashlar dev} was asked for.
 *
 * @param stores 1 to 10
 * @param coordinators 1 to 10; an odd number survives more
 * @param shards 1 to {@link Limits#SHARDS_MAX}; fixed once the cluster has been made
 * @param data where data, logs and process files go
 */
public record DevOptions(int stores, int coordinators, int shards, Path data, PortPlan ports) {
    public DevOptions {
        atMost("stores", stores, PortPlan.PROCESSES_PER_KIND_MAX);
        atMost("coordinators", coordinators, PortPlan.PROCESSES_PER_KIND_MAX);
        atMost("shards", shards, Limits.SHARDS_MAX);
    }

    private static void atMost(String what, int number, int max) {
        if (number < 1 || number > max) {
            throw new IllegalArgumentException(what + " must be 1 to " + max + ", not " + number);
        }
    }

    /** Three replicas, or as many as there are stores. */
    public int replicationFactor() {
        return Math.min(3, stores);
    }

    /** The base URLs of all coordinators. */
    public List<String> coordinatorUrls() {
        return urls(Kind.COORDINATOR, coordinators);
    }

    /** The base URLs of all stores. */
    public List<String> storeUrls() {
        return urls(Kind.STORE, stores);
    }

    private List<String> urls(Kind kind, int count) {
        List<String> urls = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            urls.add(ports.of(kind, i).url());
        }
        return List.copyOf(urls);
    }
}
