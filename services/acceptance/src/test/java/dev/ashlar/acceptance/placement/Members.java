package dev.ashlar.acceptance.placement;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import dev.ashlar.acceptance.cluster.LocalCluster;
import dev.ashlar.acceptance.cluster.ServerProcess;
import dev.ashlar.common.cluster.ClusterView;
import dev.ashlar.common.cluster.ReplicaInfo;

/** Who holds the shards, as the coordinators say. */
final class Members {
    private Members() {}

    /** Whether all replicas are on disks of stores that are up. */
    static boolean onPresentDisks(LocalCluster cluster) {
        return view(cluster)
                .filter(view -> present(view).containsAll(stores(view)))
                .isPresent();
    }

    /** Whether a store, by name, holds nothing. */
    static boolean holdsNothing(LocalCluster cluster, String name) {
        return view(cluster)
                .filter(view -> stores(view).stream().noneMatch(store -> store.startsWith(name + ".")))
                .isPresent();
    }

    /** What the leading coordinator says. */
    static Optional<ClusterView> view(LocalCluster cluster) {
        return cluster.coordinators().stream()
                .filter(ServerProcess::isRunning)
                .flatMap(coordinator -> cluster.view(coordinator).stream())
                .filter(ClusterView::authoritative)
                .findFirst();
    }

    private static Set<String> present(ClusterView view) {
        return view.stores().stream()
                .filter(store -> store.state().equals("up"))
                .map(store -> store.name() + "." + store.diskId())
                .collect(Collectors.toSet());
    }

    private static Set<String> stores(ClusterView view) {
        return view.shards().stream()
                .flatMap(shard -> shard.replicas().stream())
                .map(ReplicaInfo::store)
                .collect(Collectors.toSet());
    }
}
