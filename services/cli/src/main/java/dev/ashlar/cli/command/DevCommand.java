package dev.ashlar.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

import dev.ashlar.cli.AshlarCommand;
import dev.ashlar.cli.CliException;
import dev.ashlar.cli.ExitCode;
import dev.ashlar.cli.dev.DataDirectory;
import dev.ashlar.cli.dev.DevCluster;
import dev.ashlar.cli.dev.DevOptions;
import dev.ashlar.cli.dev.Kind;
import dev.ashlar.cli.dev.PortPlan;
import dev.ashlar.cli.dev.Programs;

/** {@code ashlar dev}: a cluster on this machine. */
@Command(
        name = "dev",
        header = "Start a cluster on this machine and keep it running until Ctrl-C.",
        description = "Stores and coordinators run as processes on 127.0.0.1; the next run finds the data of this one.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ashlar dev",
            "  ashlar dev --shards 1 --data .one            another cluster's data",
            "  ashlar dev --port-offset 1000 --data .two    a second cluster next to the first",
            "  ashlar dev --fresh                           forget the data of earlier runs",
            "",
            "ASHLAR_DEV_JAVA_OPTS is added to the JVM options of all processes, e.g. '-Xmx512m'.",
        })
public final class DevCommand implements Callable<Integer> {
    @ParentCommand
    private AshlarCommand root;

    @Option(names = "--stores", paramLabel = "N", defaultValue = "3", description = "Default: ${DEFAULT-VALUE}.")
    private int stores;

    @Option(names = "--coordinators", paramLabel = "N", defaultValue = "3", description = "Default: ${DEFAULT-VALUE}.")
    private int coordinators;

    @Option(
            names = "--shards",
            paramLabel = "N",
            defaultValue = "6",
            description = "Fixed once the cluster has been made. Default: ${DEFAULT-VALUE}.")
    private int shards;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = ".ashlar",
            description = "Data and logs. Default: ${DEFAULT-VALUE}.")
    private Path data;

    @Option(
            names = "--port-offset",
            paramLabel = "N",
            defaultValue = "0",
            description = "Moves all ports: stores 8080, 8090, 9000 + i, coordinators 8180, 8190, 9100 + i.")
    private int portOffset;

    @Option(names = "--fresh", description = "Delete the data of earlier runs first.")
    private boolean fresh;

    @Option(names = "--native", description = "Run native executables (services/*/target/*-runner) instead of jars.")
    private boolean nativeExecutables;

    @Override
    public Integer call() throws InterruptedException {
        DevOptions options = options();
        Path home = Programs.home();
        Map<Kind, List<String>> programs = nativeExecutables
                ? Programs.nativeExecutables(home)
                : Programs.jars(
                        home, Programs.java(root.terminal()), root.terminal().variable("ASHLAR_DEV_JAVA_OPTS", ""));
        try (DataDirectory directory = DataDirectory.open(options.data())) {
            new DevCluster(options, directory, root.terminal().out()).run(programs, fresh);
            return ExitCode.OK.number();
        } catch (IOException e) {
            throw new CliException(ExitCode.REFUSED, options.data() + " cannot be used: " + e);
        }
    }

    private DevOptions options() {
        try {
            return new DevOptions(stores, coordinators, shards, data, new PortPlan(portOffset));
        } catch (IllegalArgumentException e) {
            throw new CliException(ExitCode.USAGE, e.getMessage());
        }
    }
}
