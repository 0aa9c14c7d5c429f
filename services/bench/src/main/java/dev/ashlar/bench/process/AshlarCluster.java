package dev.ashlar.bench.process;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.ashlar.bench.http.Servers;
import dev.ashlar.client.route.LeaderMap;

/** Stores and coordinators from the built jars or the native executables, on loopback, with the data of each below one directory. */
public final class AshlarCluster implements Cluster {
    private static final Duration START_LIMIT = Duration.ofMinutes(5);

    /**
     * What to start.
     *
     * @param home the root of the sources, where {@code services/store/target/quarkus-app} is
     * @param dir for data and output; existing data is opened again
     * @param basePort stores' API from here, then in steps of 20: their management, peers, then the coordinators' three
     * @param storeFlags and {@code coordinatorFlags}: options of the Java virtual machine; of executables only the heap's
     * @param executables native executables instead of jars
     * @param tokens when the processes ask for tokens
     */
    public record Options(
            Path home,
            Path dir,
            int stores,
            int coordinators,
            int shards,
            int basePort,
            List<String> storeFlags,
            List<String> coordinatorFlags,
            boolean executables,
            Optional<Tokens> tokens) {
        /** What {@code ashlar dev} gives its processes too, so that figures speak of what users run. */
        private static final List<String> JVM_FLAGS = List.of(
                "-XX:+UseSerialGC",
                "-XX:MetaspaceSize=64m",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "--add-opens=java.base/java.lang=ALL-UNNAMED");

        /** Three stores with a heap of 256 MiB and coordinators with 128 MiB; {@code BENCH_STORE_JVM} and {@code BENCH_COORDINATOR_JVM} add flags, which win. */
        public static Options of(Path home, Path dir, int coordinators, int shards, int basePort) {
            List<String> store = flags(List.of("-Xmx256m", "-XX:TargetSurvivorRatio=90"), "BENCH_STORE_JVM");
            List<String> coordinator = flags(List.of("-Xmx128m", "-XX:TieredStopAtLevel=1"), "BENCH_COORDINATOR_JVM");
            return new Options(
                    home, dir, 3, coordinators, shards, basePort, store, coordinator, false, Optional.empty());
        }

        /** The same cluster from native executables. */
        public Options ofExecutables() {
            return new Options(
                    home, dir, stores, coordinators, shards, basePort, storeFlags, coordinatorFlags, true, tokens);
        }

        /** The same cluster beside this one: in a directory of its own below this one's, with ports above. */
        public Options beside(String name, int ports) {
            return new Options(
                    home,
                    dir.resolve(name),
                    stores,
                    coordinators,
                    shards,
                    basePort + ports,
                    storeFlags,
                    coordinatorFlags,
                    executables,
                    tokens);
        }

        /** The same cluster with another number of shards. */
        public Options withShards(int number) {
            return new Options(
                    home,
                    dir,
                    stores,
                    coordinators,
                    number,
                    basePort,
                    storeFlags,
                    coordinatorFlags,
                    executables,
                    tokens);
        }

        /** The same cluster, whose processes ask for tokens. */
        public Options asking(Tokens given) {
            return new Options(
                    home,
                    dir,
                    stores,
                    coordinators,
                    shards,
                    basePort,
                    storeFlags,
                    coordinatorFlags,
                    executables,
                    Optional.of(given));
        }

        private static List<String> flags(List<String> own, String variable) {
            List<String> flags = new ArrayList<>(own);
            flags.addAll(JVM_FLAGS);
            for (String flag :
                    System.getenv().getOrDefault(variable, "").strip().split("\\s+", -1)) {
                if (!flag.isEmpty()) {
                    flags.add(flag);
                }
            }
            return List.copyOf(flags);
        }

        /** The jar or executable of {@code store} or {@code coordinator}. */
        Path program(String service) {
            Path target = home.resolve("services/" + service + "/target");
            if (!executables) {
                return target.resolve("quarkus-app/quarkus-run.jar");
            }
            try (DirectoryStream<Path> runners = Files.newDirectoryStream(target, "*-runner")) {
                for (Path runner : runners) {
                    return runner;
                }
            } catch (IOException noTarget) {
                // Told below: what does not exist is not built.
            }
            return target.resolve("ashlar-" + service + "-runner");
        }

        /** True when both services have been built. */
        public boolean built() {
            return Files.exists(program("store")) && Files.exists(program("coordinator"));
        }

        /** What starts a service. */
        List<String> command(String service, List<String> flags) {
            String program = program(service).toAbsolutePath().toString();
            List<String> command = new ArrayList<>();
            if (executables) {
                command.add(program);
                flags.stream().filter(flag -> flag.startsWith("-Xm")).forEach(command::add);
            } else {
                command.add(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString());
                command.addAll(flags);
                command.addAll(List.of("-jar", program));
            }
            return command;
        }
    }

    private final Options options;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<ServerProcess> stores = new ArrayList<>();
    private final List<ServerProcess> coordinators = new ArrayList<>();

    private AshlarCluster(Options options) {
        this.options = options;
    }

    /** Starts everything and returns when every shard has a leader. */
    public static AshlarCluster start(Options options) throws InterruptedException {
        if (!options.built()) {
            throw new IllegalStateException("no " + options.program("store") + " or coordinator: make "
                    + (options.executables() ? "native-build" : "build") + " first");
        }
        AshlarCluster cluster = new AshlarCluster(options);
        cluster.closeAtExit();
        for (int i = 0; i < options.coordinators(); i++) {
            cluster.coordinators.add(cluster.process("coordinator", i, 60, options.coordinatorFlags()));
        }
        for (int i = 0; i < options.stores(); i++) {
            cluster.stores.add(cluster.process("store", i, 0, options.storeFlags()));
        }
        cluster.awaitLeaders(START_LIMIT);
        return cluster;
    }

    private ServerProcess process(String service, int i, int portOffset, List<String> flags) {
        int port = options.basePort() + portOffset + i;
        String name = service + "-" + i;
        Map<String, String> environment = new HashMap<>();
        environment.put("ASHLAR_NAME", name);
        environment.put(
                "ASHLAR_DATA_DIR", options.dir().resolve(name).toAbsolutePath().toString());
        environment.put("ASHLAR_COORDINATORS", coordinatorUrls());
        environment.put("ASHLAR_ADVERTISE_HOST", "127.0.0.1");
        environment.put("ASHLAR_PEER_HOST", "127.0.0.1");
        environment.put("ASHLAR_PEER_PORT", Integer.toString(port + 40));
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        environment.put("QUARKUS_MANAGEMENT_HOST", "127.0.0.1");
        environment.put("QUARKUS_MANAGEMENT_PORT", Integer.toString(port + 20));
        environment.put("QUARKUS_LOG_CONSOLE_JSON_ENABLED", "false");
        environment.put("ASHLAR_EXPECT", Integer.toString(options.coordinators()));
        environment.put("ASHLAR_SHARDS", Integer.toString(options.shards()));
        environment.put("ASHLAR_EXPECT_STORES", Integer.toString(options.stores()));
        options.tokens().ifPresent(tokens -> environment.putAll(tokens.environment()));
        return new ServerProcess(name, options.command(service, flags), environment, options.dir());
    }

    private String coordinatorUrls() {
        return IntStream.range(0, options.coordinators())
                .mapToObj(i -> "http://127.0.0.1:" + (options.basePort() + 60 + i))
                .collect(Collectors.joining(","));
    }

    /** Waits until every shard has a leader; returns nanoseconds waited. */
    public long awaitLeaders(Duration limit) throws InterruptedException {
        return Waiting.until("a leader for every shard", limit, () -> {
            requireAlive();
            return ready();
        });
    }

    private boolean ready() {
        boolean up = IntStream.range(0, options.stores())
                .allMatch(i -> HttpProbe.get(readyUri(i)).status() == 200);
        return up && leaders().complete();
    }

    /** The readiness address of store {@code i}. */
    public String readyUri(int i) {
        return "http://127.0.0.1:" + (options.basePort() + 20 + i) + "/q/health/ready";
    }

    /** The readiness address of coordinator {@code i}. */
    public String coordinatorReadyUri(int i) {
        return "http://127.0.0.1:" + (options.basePort() + 80 + i) + "/q/health/ready";
    }

    /** Where the coordinators say whether store {@code i} may be restarted; asks for no token. */
    public String gateUri(int i) {
        return "http://127.0.0.1:" + (options.basePort() + 60) + "/v1/gate?statefulset=store&ordinal=" + i;
    }

    /** Shards and leaders as the stores know them; empty when none answers. */
    public LeaderMap leaders() {
        try {
            return LeaderMap.fetch(http, Servers.connection(members(), token()), Servers.urls(members()))
                    .orElse(LeaderMap.NONE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while asking for the cluster", e);
        }
    }

    /** What a client shows; empty when nobody asks. */
    public String token() {
        return options.tokens().map(Tokens::client).orElse("");
    }

    /** API addresses of the stores. */
    public List<InetSocketAddress> members() {
        return IntStream.range(0, options.stores())
                .mapToObj(i -> Loopback.port(options.basePort() + i))
                .toList();
    }

    /** The coordinators alone. */
    public List<ServerProcess> coordinators() {
        return coordinators;
    }

    /** The stores alone. */
    public List<ServerProcess> stores() {
        return stores;
    }

    @Override
    public List<ServerProcess> processes() {
        return java.util.stream.Stream.concat(coordinators.stream(), stores.stream())
                .toList();
    }

    @Override
    public Path dir() {
        return options.dir();
    }
}
