package dev.ashlar.cli.output;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import dev.ashlar.common.cluster.ClusterView;
import dev.ashlar.common.cluster.CoordinatorInfo;
import dev.ashlar.common.cluster.ReplicaInfo;
import dev.ashlar.common.cluster.ShardInfo;
import dev.ashlar.common.cluster.StoreInfo;

/** The answer of {@code GET /v1/cluster} as three tables: shards × stores, stores, coordinators, and the problems below. */
public final class ClusterTables {
    private ClusterTables() {}

    public static void print(ClusterView view, PrintStream out) {
        out.println("cluster " + text(view.clusterId()) + "   health " + text(view.health()) + "   map epoch "
                + view.mapEpoch() + "   as seen by " + text(view.source())
                + (view.authoritative() ? " (coordinator leader)" : ""));
        List<StoreInfo> stores = list(view.stores());
        if (!list(view.shards()).isEmpty()) {
            out.println();
            shards(list(view.shards()), stores).print(out);
        }
        if (!stores.isEmpty()) {
            out.println();
            stores(stores).print(out);
        }
        if (!list(view.coordinators()).isEmpty()) {
            out.println();
            coordinators(list(view.coordinators())).print(out);
        }
        if (!list(view.problems()).isEmpty()) {
            out.println();
            out.println("problems:");
            list(view.problems()).forEach(problem -> out.println("  - " + ValuePreview.printable(problem)));
        }
    }

    private static Table shards(List<ShardInfo> shards, List<StoreInfo> stores) {
        List<String> header = new ArrayList<>(List.of("SHARD", "LEADER", "TERM", "REVISION"));
        stores.forEach(store -> header.add(text(store.name())));
        Table table = new Table(header);
        for (ShardInfo shard : shards) {
            List<String> row = new ArrayList<>(List.of(
                    Integer.toString(shard.shard()),
                    leader(shard),
                    Integer.toString(shard.term()),
                    Long.toString(shard.revision())));
            stores.forEach(store -> row.add(role(shard, store)));
            table.row(row);
        }
        return table;
    }

    private static String leader(ShardInfo shard) {
        return list(shard.replicas()).stream()
                .filter(r -> r.replica() == shard.leaderReplica())
                .map(r -> text(r.store()).replaceFirst("\\.[^.]*$", ""))
                .findFirst()
                .orElse("?");
    }

    /** L leads, F follows, l learns, a dot where the store has no replica. */
    static String role(ShardInfo shard, StoreInfo store) {
        for (ReplicaInfo replica : list(shard.replicas())) {
            if ((store.name() + "." + store.diskId()).equals(replica.store())) {
                if ("learner".equals(replica.kind())) {
                    return "l";
                }
                return replica.replica() == shard.leaderReplica() ? "L" : "F";
            }
        }
        return "·";
    }

    private static Table stores(List<StoreInfo> stores) {
        Table table =
                new Table("STORE", "STATE", "ZONE", "VERSION", "LEADERS", "REPLICAS", "DATA", "SEEN", "API", "ALARMS");
        for (StoreInfo store : stores) {
            table.row(
                    text(store.name()),
                    text(store.state()),
                    text(store.zone()),
                    text(store.version()),
                    Integer.toString(store.leaders()),
                    Integer.toString(store.replicas()),
                    bytes(store.dataBytes()),
                    store.lastSeenMsAgo() < 0 ? "-" : ago(store.lastSeenMsAgo()),
                    text(store.httpAddress()),
                    list(store.alarms()).isEmpty() ? "-" : String.join(", ", list(store.alarms())));
        }
        return table;
    }

    private static Table coordinators(List<CoordinatorInfo> coordinators) {
        Table table = new Table("COORDINATOR", "ROLE", "API");
        for (CoordinatorInfo coordinator : coordinators) {
            table.row(
                    text(coordinator.name()),
                    coordinator.leader() ? "leader" : "follower",
                    text(coordinator.httpAddress()));
        }
        return table;
    }

    /** Bytes in the largest unit of which there is at least one. */
    static String bytes(long bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
        double amount = bytes;
        int unit = 0;
        while (amount >= 1024 && unit < units.length - 1) {
            amount /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", amount, units[unit]);
    }

    private static String ago(long ms) {
        return ms < 10_000 ? String.format(Locale.ROOT, "%.1f s ago", ms / 1000.0) : ms / 1000 + " s ago";
    }

    private static String text(String value) {
        return value == null || value.isBlank() ? "-" : ValuePreview.printable(value);
    }

    private static <T> List<T> list(List<T> values) {
        return values == null ? List.of() : values;
    }
}
