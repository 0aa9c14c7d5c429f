package dev.ashlar.acceptance.placement;

import java.time.Duration;
import java.util.List;

import dev.ashlar.acceptance.cluster.LocalCluster;
import dev.ashlar.acceptance.cluster.ServerProcess;
import dev.ashlar.acceptance.history.Call;
import dev.ashlar.acceptance.history.History;
import dev.ashlar.acceptance.history.Operation;
import dev.ashlar.acceptance.history.Outcome;
import dev.ashlar.acceptance.workload.KvClient;

/** The last part of a history: what is there at the end. */
final class Reads {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private Reads() {}

    /** Reads every key through every store, until each read has an answer, and adds the reads to the history. */
    static void everyKeyThroughEveryStore(LocalCluster cluster, KvClient client, List<String> keys, History history) {
        for (ServerProcess store : cluster.runningStores()) {
            for (String key : keys) {
                cluster.await("a read of " + key, () -> read(client, store, key, history));
            }
        }
    }

    private static boolean read(KvClient client, ServerProcess store, String key, History history) {
        try {
            Call call = new Call.Get();
            long invokeNanos = System.nanoTime();
            Outcome outcome = client.send(store.ports().url(), key, call, LIMIT);
            history.add(new Operation(-1, key, call, outcome, invokeNanos, System.nanoTime()));
            return !(outcome instanceof Outcome.Failed) && !(outcome instanceof Outcome.Unknown);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
