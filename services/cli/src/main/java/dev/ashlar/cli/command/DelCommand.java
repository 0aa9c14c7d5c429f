package dev.ashlar.cli.command;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import dev.ashlar.cli.AshlarCommand;
import dev.ashlar.cli.ExitCode;
import dev.ashlar.cli.client.Call;
import dev.ashlar.cli.client.Json;
import dev.ashlar.cli.client.Paths;
import dev.ashlar.cli.output.OutputFormat;
import dev.ashlar.cli.output.ValuePreview;

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
    public Integer call() throws InterruptedException {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Idempotency-Key", Arguments.idempotencyKey(idempotencyKey));
        if (ifRevision != null) {
            headers.put("If-Match", Arguments.etag(ifRevision));
        }
        root.stores().ask(new Call("DELETE", Paths.key(key), headers, Optional.empty()));
        root.terminal()
                .out()
                .println(
                        root.output() == OutputFormat.json
                                ? Json.line(Map.of("key", key, "deleted", true))
                                : ValuePreview.printable(key) + " deleted");
        return ExitCode.OK.number();
    }
}
