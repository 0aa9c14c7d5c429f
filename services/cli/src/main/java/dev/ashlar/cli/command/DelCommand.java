package dev.ashlar.cli.command;

import java.util.Map;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import dev.ashlar.cli.AshlarCommand;
import dev.ashlar.cli.CliException;
import dev.ashlar.cli.ExitCode;
import dev.ashlar.cli.output.OutputFormat;
import dev.ashlar.cli.output.ValuePreview;
import dev.ashlar.client.AshlarClient;
import dev.ashlar.client.http.Json;

/** {@code ashlar del}: deletes one key. */
@Command(
        name = "del",
        header = "Delete a key; exit code 1 when it does not exist.",
        footerHeading = "%nExamples:%n",
        footer = {"  ashlar del hello", "  ashlar del hello --if-revision 12"})
public final class DelCommand implements Callable<Integer> {
    @ParentCommand
    private AshlarCommand root;

    @Parameters(index = "0", paramLabel = "KEY", description = "The key.")
    private String key;

    @Option(names = "--if-revision", paramLabel = "N", description = "Only delete this revision.")
    private Long ifRevision;

    @Option(
            names = "--idempotency-key",
            paramLabel = "ID",
            description = "A repetition with the same ID applies once. Default: a random one for each call.")
    private String idempotencyKey;

    @Override
    public Integer call() {
        try (AshlarClient client = root.client()) {
            if (client.delete(key, Arguments.writeOptions(idempotencyKey, ifRevision))
                    .isEmpty()) {
                throw new CliException(ExitCode.NO, "not_found: there is no such key, nothing was deleted.");
            }
        }
        root.terminal()
                .out()
                .println(
                        root.output() == OutputFormat.json
                                ? Json.line(Map.of("key", key, "deleted", true))
                                : ValuePreview.printable(key) + " deleted");
        return ExitCode.OK.number();
    }
}
