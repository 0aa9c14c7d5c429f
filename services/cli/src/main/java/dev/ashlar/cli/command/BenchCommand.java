package dev.ashlar.cli.command;

import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

import dev.ashlar.bench.LoadRun;
import dev.ashlar.cli.AshlarCommand;
import dev.ashlar.cli.CliException;
import dev.ashlar.cli.ExitCode;

/** {@code ashlar bench}: closed-loop load against the cluster that the other commands talk to. */
@Command(
        name = "bench",
        header = "Put load on the cluster; report throughput, latency and CPU.",
        footerHeading = "%nIt writes and overwrites keys below bench/ and leaves them there.%nExamples:%n",
        footer = {
            "  ashlar bench                              16 clients: put, get, mixed",
            "  ashlar bench -c 1,64 --workload get       reads with 1, then 64 clients",
        })
public final class BenchCommand implements Callable<Integer> {
    @ParentCommand
    private AshlarCommand root;

    @Mixin
    private LoadRun load;

    @Override
    public Integer call() throws InterruptedException {
        try {
            root.terminal().out().print(load.run(root.endpoints(), root.secret()));
            return ExitCode.OK.number();
        } catch (IllegalArgumentException wrong) {
            throw new CliException(ExitCode.USAGE, wrong.getMessage());
        } catch (IllegalStateException unreachable) {
            throw new CliException(ExitCode.UNREACHABLE, unreachable.getMessage());
        }
    }
}
