package dev.ashlar.bench;

import java.net.URI;
import java.util.List;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import dev.ashlar.bench.api.ApiFigures;
import dev.ashlar.bench.compare.Compare;
import dev.ashlar.bench.figure.BesideJvm;
import dev.ashlar.bench.figure.Idle;
import dev.ashlar.bench.figure.LeaderKill;
import dev.ashlar.bench.figure.LoadRss;
import dev.ashlar.bench.figure.Publish;
import dev.ashlar.bench.figure.Restart;

/** Load against a running cluster; its subcommands are the figures of docs/benchmarks.md. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        subcommands = {
            Compare.class,
            LeaderKill.class,
            Restart.class,
            LoadRss.class,
            Idle.class,
            BesideJvm.class,
            ApiFigures.class,
            Publish.class
        },
        description = "Put load on a running cluster and report throughput, latency and CPU.")
public final class BenchCommand implements Callable<Integer> {
    @Option(
            names = {"-e", "--endpoint"},
            paramLabel = "URL",
            split = ",",
            defaultValue = "${env:ASHLAR_ENDPOINT:-http://127.0.0.1:8080}",
            description = "Base URLs (default ${DEFAULT-VALUE}).")
    List<URI> endpoints;

    @Option(
            names = "--token",
            defaultValue = "${env:ASHLAR_TOKEN:-}",
            description = "Bearer token, when the cluster asks for one.")
    String token;

    @Mixin
    LoadRun load;

    @Override
    public Integer call() throws InterruptedException {
        System.out.print(load.run(endpoints, token));
        return 0;
    }
}
