package dev.ashlar.bench.compare;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.ashlar.bench.grpc.EtcdGrpc;
import dev.ashlar.bench.http.AshlarHttp;
import dev.ashlar.bench.http.EtcdJson;
import dev.ashlar.bench.load.Target;
import dev.ashlar.bench.process.AshlarCluster;
import dev.ashlar.bench.process.Cluster;
import dev.ashlar.bench.process.EtcdBinary;
import dev.ashlar.bench.process.EtcdCluster;
import dev.ashlar.bench.process.WorkDirectory;
import dev.ashlar.bench.report.Machine;

/** The clusters that a list of target names needs, each started once, with empty data below one directory. */
final class Arena implements AutoCloseable {
    private static final int ETCD_PORT = 23_790;
    private static final int ASHLAR_PORT = 28_080;
    private static final int PORTS_PER_CLUSTER = 200;

    private final Path home;
    private final Path dir;
    private final Map<String, Cluster> clusters = new LinkedHashMap<>();
    private final List<Contestant> contestants = new ArrayList<>();
    private String etcdVersion = "none";

    private Arena(Path home, Path dir) {
        this.home = home;
        this.dir = dir;
    }

    /** Starts what the targets need. */
    static Arena open(Path home, Path dir, List<String> targets) throws IOException, InterruptedException {
        WorkDirectory.empty(dir);
        Arena arena = new Arena(home, dir);
        try {
            for (String target : targets) {
                arena.contestants.add(arena.contestant(target));
            }
        } catch (InterruptedException | RuntimeException e) {
            arena.close();
            throw e;
        }
        return arena;
    }

    private Contestant contestant(String target) throws InterruptedException {
        if (target.startsWith("ashlar-")) {
            boolean any = target.endsWith("-any");
            String cluster = any ? target.substring(0, target.length() - 4) : target;
            AshlarCluster ashlar = ashlar(cluster, Integer.parseInt(cluster.substring("ashlar-".length())));
            return new Contestant(new AshlarHttp(target, ashlar.members(), !any, ""), ashlar);
        }
        EtcdCluster etcd = etcd();
        List<InetSocketAddress> all = etcd.members();
        Target spoken =
                switch (target) {
                    case "etcd-grpc" -> new EtcdGrpc(target, all);
                    case "etcd-grpc-leader" -> new EtcdGrpc(target, List.of(etcd.leader()));
                    case "etcd-json" -> new EtcdJson(all);
                    default -> throw new IllegalArgumentException("no such target: " + target);
                };
        return new Contestant(spoken, etcd);
    }

    private AshlarCluster ashlar(String name, int shards) throws InterruptedException {
        if (clusters.get(name) instanceof AshlarCluster running) {
            return running;
        }
        int port = ASHLAR_PORT + clusters.size() * PORTS_PER_CLUSTER;
        AshlarCluster cluster = AshlarCluster.start(AshlarCluster.Options.of(home, dir.resolve(name), 3, shards, port));
        clusters.put(name, cluster);
        return cluster;
    }

    private EtcdCluster etcd() throws InterruptedException {
        if (clusters.get("etcd") instanceof EtcdCluster running) {
            return running;
        }
        Path binary = EtcdBinary.find()
                .orElseThrow(() -> new IllegalStateException("no etcd: set ETCD to its path, or put it on the PATH"));
        etcdVersion = Machine.firstLineOf(dir, binary.toString(), "--version").replace("etcd Version: ", "");
        EtcdCluster cluster = EtcdCluster.start(binary, dir.resolve("etcd"), 3, ETCD_PORT);
        clusters.put("etcd", cluster);
        return cluster;
    }

    List<Contestant> contestants() {
        return contestants;
    }

    List<Cluster> clusters() {
        return List.copyOf(clusters.values());
    }

    String etcdVersion() {
        return etcdVersion;
    }

    @Override
    public void close() {
        contestants.forEach(contestant -> contestant.target().close());
        clusters.values().forEach(Cluster::close);
    }
}
