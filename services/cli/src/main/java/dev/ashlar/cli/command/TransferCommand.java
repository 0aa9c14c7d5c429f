package dev.ashlar.cli.command;

import java.util.Map;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import dev.ashlar.cli.AshlarCommand;
import dev.ashlar.cli.CliException;
import dev.ashlar.cli.ExitCode;
import dev.ashlar.client.http.Json;

/** {@code ashlar transfer}: another replica shall lead a shard. */
@Command(
        name = "transfer",
        header = "Let another store lead a shard.",
        footerHeading = "%nExamples:%n",
        footer = {"  ashlar transfer 3 --to store-1"})
public final class TransferCommand implements Callable<Integer> {
    @ParentCommand
    private AshlarCommand root;

    @Mixin
    private Coordinators coordinators;

    @Parameters(index = "0", paramLabel = "SHARD", description = "Number of the shard.")
    private int shard;

    @Option(names = "--to", required = true, paramLabel = "STORE", description = "Store with a voter of the shard.")
    private String to;

    @Override
    public Integer call() throws InterruptedException {
        if (shard < 0) {
            throw new CliException(ExitCode.USAGE, "a shard is a number from 0, not " + shard);
        }
        String body = Json.line(Map.of("to", Coordinators.name(to)));
        return coordinators.post(root, "/v1/shards/" + shard + "/transfer", body);
    }
}
