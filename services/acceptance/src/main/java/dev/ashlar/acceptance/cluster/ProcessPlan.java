package dev.ashlar.acceptance.cluster;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Command line and environment of every process of a cluster, as docs and the services themselves define them. */
final class ProcessPlan {
    static final int REPLICAS_MAX = 3;

    private ProcessPlan() {}

    /** The processes, coordinators first. None of them runs yet. */
    static List<ServerProcess> of(ClusterSize size, Path data, Path logs, Settings settings) {
        Map<String, Ports> ports = ports(size);
        String coordinatorUrls = ports.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("coordinator-"))
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getValue().url())
                .collect(Collectors.joining(","));
        return ports.keySet().stream()
                .sorted()
                .map(name -> process(name, ports.get(name), coordinatorUrls, size, data, logs, settings))
                .toList();
    }

    private static Map<String, Ports> ports(ClusterSize size) {
        Map<String, Ports> ports = new HashMap<>();
        for (int i = 0; i < size.coordinators(); i++) {
            ports.put("coordinator-" + i, another(ports));
        }
        for (int i = 0; i < size.stores(); i++) {
            ports.put("store-" + i, another(ports));
        }
        return ports;
    }

    private static Ports another(Map<String, Ports> taken) {
        return Stream.generate(Ports::free)
                .filter(ports -> taken.values().stream().allMatch(other -> Math.abs(other.http() - ports.http()) > 2))
                .findFirst()
                .orElseThrow();
    }

    private static ServerProcess process(
            String name,
            Ports ports,
            String coordinatorUrls,
            ClusterSize size,
            Path data,
            Path logs,
            Settings settings) {
        boolean store = name.startsWith("store-");
        Map<String, String> environment = new HashMap<>();
        environment.put("ASHLAR_NAME", name);
        environment.put("ASHLAR_DATA_DIR", data.resolve(name).toString());
        environment.put("ASHLAR_COORDINATORS", coordinatorUrls);
        environment.put("ASHLAR_ADVERTISE_HOST", "127.0.0.1");
        environment.put("ASHLAR_PEER_HOST", "127.0.0.1");
        environment.put("ASHLAR_PEER_PORT", Integer.toString(ports.peer()));
        // Small segments, so that a test of minutes sees them rotate and go.
        environment.put("ASHLAR_WAL_SEGMENT_BYTES", Integer.toString(8 << 20));
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(ports.http()));
        environment.put("QUARKUS_MANAGEMENT_HOST", "127.0.0.1");
        environment.put("QUARKUS_MANAGEMENT_PORT", Integer.toString(ports.management()));
        if (!store) {
            environment.put("ASHLAR_EXPECT", Integer.toString(size.coordinators()));
            environment.put("ASHLAR_EXPECT_STORES", Integer.toString(size.stores()));
            environment.put("ASHLAR_SHARDS", Integer.toString(size.shards()));
            environment.put("ASHLAR_REPLICATION_FACTOR", Integer.toString(Math.min(REPLICAS_MAX, size.stores())));
        }
        settings.apply(name, environment);
        return new ServerProcess(
                name,
                ports,
                ServiceCommand.of(store ? "store" : "coordinator"),
                environment,
                logs.resolve(name + ".log"));
    }
}
