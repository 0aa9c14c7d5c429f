package dev.ashlar.cli.dev;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns the options into processes: coordinators first, since stores register with them; each with the environment that
 * the services read. Everything binds to 127.0.0.1.
 */
public final class ProcessPlan {
    private static final int ROCKSDB_BYTES = 64 << 20;

    private ProcessPlan() {}

    /** The processes in the order of their start; {@code programs} is the command line of each kind. */
    public static List<ProcessSpec> of(DevOptions options, Map<Kind, List<String>> programs) {
        List<ProcessSpec> plan = new ArrayList<>();
        for (int i = 0; i < options.coordinators(); i++) {
            plan.add(process(options, Kind.COORDINATOR, i, programs));
        }
        for (int i = 0; i < options.stores(); i++) {
            plan.add(process(options, Kind.STORE, i, programs));
        }
        return List.copyOf(plan);
    }

    private static ProcessSpec process(DevOptions options, Kind kind, int ordinal, Map<Kind, List<String>> programs) {
        String name = kind.word() + "-" + ordinal;
        Ports ports = options.ports().of(kind, ordinal);
        var data = options.data().resolve(name).toAbsolutePath();
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("ASHLAR_NAME", name);
        environment.put("ASHLAR_DATA_DIR", data.toString());
        environment.put("ASHLAR_COORDINATORS", String.join(",", options.coordinatorUrls()));
        environment.put("ASHLAR_ADVERTISE_HOST", "127.0.0.1");
        environment.put("ASHLAR_PEER_HOST", "127.0.0.1");
        environment.put("ASHLAR_PEER_PORT", Integer.toString(ports.peer()));
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(ports.http()));
        environment.put("QUARKUS_MANAGEMENT_HOST", "127.0.0.1");
        environment.put("QUARKUS_MANAGEMENT_PORT", Integer.toString(ports.management()));
        // The logs of `dev` are read by people.
        environment.put("QUARKUS_LOG_CONSOLE_JSON_ENABLED", "false");
        environment.put("QUARKUS_CONSOLE_COLOR", "false");
        if (kind == Kind.COORDINATOR) {
            environment.put("ASHLAR_EXPECT", Integer.toString(options.coordinators()));
            environment.put("ASHLAR_EXPECT_STORES", Integer.toString(options.stores()));
            environment.put("ASHLAR_SHARDS", Integer.toString(options.shards()));
            environment.put("ASHLAR_REPLICATION_FACTOR", Integer.toString(options.replicationFactor()));
        } else {
            // By default a store takes its share of the container; here they are several in one.
            environment.put("ASHLAR_BLOCK_CACHE_BYTES", Integer.toString(ROCKSDB_BYTES));
            environment.put("ASHLAR_MEMTABLE_BYTES", Integer.toString(ROCKSDB_BYTES));
        }
        return new ProcessSpec(
                kind,
                name,
                ports,
                programs.get(kind),
                environment,
                data,
                options.data().resolve("logs").resolve(name + ".log"));
    }
}
