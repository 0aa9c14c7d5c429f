package dev.ashlar.bench;

import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import dev.ashlar.bench.grpc.EtcdGrpc;
import dev.ashlar.bench.http.AshlarHttp;
import dev.ashlar.bench.http.EtcdJson;
import dev.ashlar.bench.load.LoadGenerator;
import dev.ashlar.bench.load.LoadResult;
import dev.ashlar.bench.load.LoadSpec;
import dev.ashlar.bench.load.Observer;
import dev.ashlar.bench.load.Target;
import dev.ashlar.bench.load.Workload;
import dev.ashlar.bench.report.ResultTable;

/** The options of load against a running cluster, and the run: for a command that knows the endpoints and the token. */
public final class LoadRun {
    /** What speaks on the other side. */
    public enum Api {
        ASHLAR,
        ETCD_GRPC,
        ETCD_JSON
    }

    private static final int FILLING_CLIENTS = 32;
    private static final int HTTP_PORT = 80;

    @Option(
            names = "--api",
            paramLabel = "API",
            defaultValue = "ashlar",
            description = "What is asked: ashlar, etcd_grpc, etcd_json (default ${DEFAULT-VALUE}).")
    Api api;

    @Option(names = "--any", description = "Send to any store, which forwards, instead of to each shard's leader.")
    boolean any;

    @Option(
            names = "--workload",
            paramLabel = "WORD",
            split = ",",
            defaultValue = "put,get,mixed",
            description =
                    "put, get, mixed (95 reads, 5 writes), load (each key once), txn (three keys of one tag exist, three"
                            + " puts), lock (acquire and release); several run in turn.")
    List<Workload> workloads;

    @Option(
            names = {"-c", "--clients"},
            paramLabel = "N",
            split = ",",
            defaultValue = "16",
            description = "Operations in flight; several run in turn (default ${DEFAULT-VALUE}).")
    List<Integer> clients;

    @Option(
            names = "--pids",
            paramLabel = "PID",
            split = ",",
            description = "Server processes on this machine whose CPU and memory are measured.")
    List<Long> pids = new ArrayList<>();

    @Option(names = "--no-fill", description = "Do not write every key once first.")
    boolean noFill;

    @Mixin
    LoadOptions load;

    /**
     * Runs everything that was asked for, one after another.
     *
     * @param token may be empty
     * @return a Markdown table
     */
    public String run(List<URI> endpoints, String token) throws InterruptedException {
        List<LoadResult> results = new ArrayList<>();
        try (Target target = target(endpoints, token)) {
            LoadGenerator generator = new LoadGenerator(load.payload(workloads), load.keyChoice(), Observer.NONE);
            if (!noFill) {
                results.add(generator.fill(target, FILLING_CLIENTS, pids));
            }
            for (Workload workload : workloads) {
                for (int n : clients) {
                    results.add(generator.run(target, spec(workload, n), pids));
                }
            }
        }
        return ResultTable.of(results);
    }

    private LoadSpec spec(Workload workload, int n) {
        return new LoadSpec(
                workload,
                n,
                Duration.ofSeconds(load.warmUpSeconds),
                Duration.ofSeconds(load.seconds),
                load.threads,
                Duration.ofSeconds(10),
                42);
    }

    private Target target(List<URI> endpoints, String token) {
        List<InetSocketAddress> addresses =
                endpoints.stream().map(LoadRun::address).toList();
        return switch (api) {
            case ASHLAR -> new AshlarHttp("ashlar", addresses, !any, token);
            case ETCD_GRPC -> new EtcdGrpc("etcd-grpc", addresses);
            case ETCD_JSON -> new EtcdJson(addresses);
        };
    }

    private static InetSocketAddress address(URI uri) {
        if (!"http".equals(uri.getScheme()) || uri.getHost() == null) {
            throw new IllegalArgumentException("the load generator speaks http://host:port alone, not " + uri);
        }
        return new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? HTTP_PORT : uri.getPort());
    }
}
