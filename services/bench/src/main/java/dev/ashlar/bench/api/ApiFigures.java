package dev.ashlar.bench.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import dev.ashlar.bench.LoadOptions;
import dev.ashlar.bench.figure.Scene;
import dev.ashlar.bench.grpc.EtcdGrpc;
import dev.ashlar.bench.grpc.EtcdWatchers;
import dev.ashlar.bench.http.AshlarHttp;
import dev.ashlar.bench.http.AshlarWatchers;
import dev.ashlar.bench.load.LoadGenerator;
import dev.ashlar.bench.load.LoadSpec;
import dev.ashlar.bench.load.Payload;
import dev.ashlar.bench.load.Target;
import dev.ashlar.bench.load.Workload;
import dev.ashlar.bench.process.AshlarCluster;
import dev.ashlar.bench.process.Cluster;
import dev.ashlar.bench.process.EtcdBinary;
import dev.ashlar.bench.process.EtcdCluster;
import dev.ashlar.bench.process.Tokens;
import dev.ashlar.bench.report.Machine;

/**
 * {@code api}: what the calls beside put and get can do.
 *
 * <ol>
 *   <li>Three stores and three etcd on one disk, all up all the time, one under load at a time. After a burn-in, rounds: the
 *       watchers, then transactions and locks of all in turn; every second round in the opposite order. Beside the stores
 *       with the usual number of shards there are three with one, since etcd has one log too.
 *   <li>Then two clusters of three stores, both new, of which one asks for tokens; both get the same burn-in and are measured
 *       in turn.
 *   <li>Rounds are added up; raw lines are kept.
 * </ol>
 */
@Command(
        name = "api",
        mixinStandardHelpOptions = true,
        description = "Transactions, locks and watches beside etcd's, and what tokens cost.")
public final class ApiFigures implements Callable<Integer> {
    private static final int ETCD_PORT = 23_890;
    private static final int PORTS_PER_CLUSTER = 200;
    private static final int BURN_IN_CLIENTS = 32;
    private static final int KEYS = 21_000;

    @Option(names = "--clients", split = ",", defaultValue = "16,64", description = "default ${DEFAULT-VALUE}")
    List<Integer> clients;

    @Option(
            names = "--also-shards",
            defaultValue = "1",
            description = "shards of a second cluster beside, for transactions and locks; 0 for none")
    int alsoShards;

    @Option(names = "--rounds", defaultValue = "2", description = "default ${DEFAULT-VALUE}")
    int rounds;

    @Option(names = "--seconds", defaultValue = "2", description = "counted per load (default ${DEFAULT-VALUE})")
    int seconds;

    @Option(names = "--warm-up", defaultValue = "1", description = "seconds before them (default ${DEFAULT-VALUE})")
    int warmUpSeconds;

    @Option(names = "--burn-in", defaultValue = "40", description = "seconds of load per cluster before all rounds")
    int burnInSeconds;

    @Option(names = "--native", description = "run native executables instead of jars")
    boolean executables;

    @Option(names = "--watchers", defaultValue = "1000", description = "default ${DEFAULT-VALUE}")
    int watchers;

    @Option(names = "--writes", defaultValue = "500", description = "per second, while watched")
    int writesPerSecond;

    @Option(names = "--watch-seconds", defaultValue = "10", description = "counted (default ${DEFAULT-VALUE})")
    int watchSeconds;

    @Option(names = "--watch-warm-up", defaultValue = "15", description = "seconds before them, for connecting too")
    int watchWarmUpSeconds;

    @Option(names = "--token-clients", defaultValue = "64", description = "default ${DEFAULT-VALUE}")
    int tokenClients;

    @Option(names = "--token-rounds", defaultValue = "4", description = "default ${DEFAULT-VALUE}")
    int tokenRounds;

    @Option(
            names = "--parts",
            split = ",",
            defaultValue = "watch,txn,lock,tokens",
            description = "what is measured (default ${DEFAULT-VALUE})")
    List<Part> parts;

    @Mixin
    Scene scene;

    /** What can be measured by itself. */
    enum Part {
        WATCH,
        TXN,
        LOCK,
        TOKENS
    }

    private final Payload payload = Payload.grouped(LoadOptions.KEY_PREFIX, KEYS / Payload.GROUP, 24, 256, 42);
    private final LoadGenerator generator = new LoadGenerator(payload);
    private final List<Watching.Seen> watched = new ArrayList<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path binary = EtcdBinary.find()
                .orElseThrow(() -> new IllegalStateException("no etcd: set ETCD to its path, or put it on the PATH"));
        AshlarCluster.Options options = executables ? scene.options().ofExecutables() : scene.options();
        Path raw = options.dir().resolve("api.jsonl");
        Race race = new Race(generator, raw, Duration.ofSeconds(warmUpSeconds), Duration.ofSeconds(seconds));
        Race tokens = new Race(generator, raw, Duration.ofSeconds(warmUpSeconds), Duration.ofSeconds(seconds));
        String version = Machine.firstLineOf(options.dir(), binary.toString(), "--version")
                .replace("etcd Version: ", "");
        if (parts.stream().anyMatch(part -> part != Part.TOKENS)) {
            besideEtcd(options, binary, race, raw);
        }
        if (parts.contains(Part.TOKENS)) {
            withTokens(options, tokens);
        }
        ApiReport report = new ApiReport(names(), race.measured(), watched, tokens.measured());
        Optional<Path> kept = scene.beside("api.jsonl");
        if (kept.isPresent()) {
            Files.createDirectories(kept.get().getParent());
            Files.copy(raw, kept.get(), StandardCopyOption.REPLACE_EXISTING);
        }
        scene.publish(report.json(scene.json("api")), describe(version) + report.text());
        return 0;
    }

    private static String name(int shards) {
        return "ashlar-" + shards;
    }

    private List<String> names() {
        return alsoShards > 0 && alsoShards != scene.shards()
                ? List.of(name(scene.shards()), name(alsoShards))
                : List.of(name(scene.shards()));
    }

    private void besideEtcd(AshlarCluster.Options options, Path binary, Race race, Path raw)
            throws InterruptedException {
        Path etcdDir = options.dir().resolve("etcd");
        boolean also = names().size() > 1;
        AshlarCluster.Options other =
                options.beside("also", 3 * PORTS_PER_CLUSTER).withShards(alsoShards);
        try (AshlarCluster ours = AshlarCluster.start(options.beside("ashlar", 0));
                AshlarCluster beside = also ? AshlarCluster.start(other) : ours;
                EtcdCluster theirs = EtcdCluster.start(binary, etcdDir, 3, ETCD_PORT + scene.portOffset());
                Target ashlar = new AshlarHttp(name(scene.shards()), ours.members(), true, "");
                Target second = new AshlarHttp(name(alsoShards), beside.members(), true, "")) {
            Target inTurn = new EtcdGrpc(ApiReport.ETCD, theirs.members());
            Target toLeader = new EtcdGrpc(ApiReport.ETCD_LEADER, List.of(theirs.leader()));
            Target kept = new EtcdGrpc(ApiReport.ETCD_SESSIONS, theirs.members(), true);
            List<Workload> all = List.of(Workload.MIXED, Workload.PUT, Workload.TXN, Workload.LOCK);
            burnIn(ashlar, all);
            if (also) {
                burnIn(second, all);
            }
            burnIn(inTurn, all);
            Watching watching = new Watching(
                    watchers,
                    writesPerSecond,
                    Duration.ofSeconds(watchWarmUpSeconds),
                    Duration.ofSeconds(watchWarmUpSeconds),
                    Duration.ofSeconds(watchSeconds),
                    raw);
            List<Race.Entrant> txn = new ArrayList<>(List.of(
                    new Race.Entrant(ashlar, Workload.PUT, ours),
                    new Race.Entrant(ashlar, Workload.TXN, ours),
                    new Race.Entrant(inTurn, Workload.TXN, theirs),
                    new Race.Entrant(toLeader, Workload.TXN, theirs)));
            List<Race.Entrant> lock = new ArrayList<>(List.of(
                    new Race.Entrant(ashlar, Workload.LOCK, ours),
                    new Race.Entrant(inTurn, Workload.LOCK, theirs),
                    new Race.Entrant(kept, Workload.LOCK, theirs)));
            if (also) {
                txn.add(2, new Race.Entrant(second, Workload.PUT, beside));
                txn.add(3, new Race.Entrant(second, Workload.TXN, beside));
                lock.add(1, new Race.Entrant(second, Workload.LOCK, beside));
            }
            for (int round = 0; round < rounds; round++) {
                if (parts.contains(Part.WATCH)) {
                    watch(watching, ashlar, ours, round);
                    watch(watching, inTurn, theirs, round);
                }
                for (int n : clients) {
                    if (parts.contains(Part.TXN)) {
                        race.round(round, n, txn);
                    }
                    if (parts.contains(Part.LOCK)) {
                        race.round(round, n, lock);
                    }
                }
            }
        }
    }

    private void watch(Watching watching, Target target, Cluster cluster, int round) throws InterruptedException {
        watched.add(
                switch (cluster) {
                    case AshlarCluster ours ->
                        watching.run(
                                target,
                                new AshlarWatchers(ours.members(), Watching.watched()),
                                ours.stores(),
                                ours.pids(),
                                round);
                    case EtcdCluster theirs ->
                        watching.run(
                                target,
                                new EtcdWatchers(theirs.members(), 1, Watching.watched()),
                                theirs.processes(),
                                theirs.pids(),
                                round);
                    default -> throw new IllegalArgumentException("no watchers for " + cluster);
                });
    }

    private void withTokens(AshlarCluster.Options options, Race race) throws IOException, InterruptedException {
        Tokens files = Tokens.write(options.dir().resolve("tokens"), LoadOptions.KEY_PREFIX);
        AshlarCluster.Options without = options.beside("open", PORTS_PER_CLUSTER);
        AshlarCluster.Options with =
                options.beside("asking", 2 * PORTS_PER_CLUSTER).asking(files);
        try (AshlarCluster open = AshlarCluster.start(without);
                AshlarCluster asking = AshlarCluster.start(with);
                Target off = new AshlarHttp(ApiReport.OFF, open.members(), true, "");
                Target on = new AshlarHttp(ApiReport.ON, asking.members(), true, asking.token())) {
            List<Workload> workloads = List.of(Workload.PUT, Workload.GET);
            burnIn(off, workloads);
            burnIn(on, workloads);
            for (Workload workload : workloads) {
                for (int round = 0; round < tokenRounds; round++) {
                    race.round(
                            round,
                            tokenClients,
                            List.of(new Race.Entrant(off, workload, open), new Race.Entrant(on, workload, asking)));
                }
            }
        }
    }

    private void burnIn(Target target, List<Workload> workloads) throws InterruptedException {
        Scene.say(
                "%s: writing %,d keys, then %d s of load".formatted(target.name(), payload.keyCount(), burnInSeconds));
        generator.fill(target, BURN_IN_CLIENTS, List.of());
        Duration each = Duration.ofMillis(Math.max(1, burnInSeconds * 1_000L / workloads.size()));
        for (Workload workload : workloads) {
            generator.run(target, LoadSpec.of(workload, BURN_IN_CLIENTS, Duration.ZERO, each), List.of());
        }
    }

    private String describe(String etcdVersion) {
        return ("etcd %s. Three stores%s, shards as in the name, %d coordinator(s). %,d keys of 24 bytes, values of 256 random bytes; %d"
                        + " round(s), each %d s of warm-up and %d s counted, after %d s of burn-in. Raw lines:"
                        + " [api.jsonl](benchmarks/api.jsonl).%n%n")
                .formatted(
                        etcdVersion,
                        executables ? " (native executables)" : "",
                        scene.coordinators(),
                        payload.keyCount(),
                        rounds,
                        warmUpSeconds,
                        seconds,
                        burnInSeconds);
    }
}
