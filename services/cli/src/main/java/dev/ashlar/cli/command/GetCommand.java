package dev.ashlar.cli.command;

import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import dev.ashlar.cli.AshlarCommand;
import dev.ashlar.cli.CliException;
import dev.ashlar.cli.ExitCode;
import dev.ashlar.cli.output.OutputFormat;
import dev.ashlar.client.AshlarClient;
import dev.ashlar.client.Consistency;
import dev.ashlar.client.Entry;
import dev.ashlar.client.http.Json;

/** {@code ashlar get}: the bytes of one key on standard output, nothing else. */
@Command(
        name = "get",
        header = "Read a key; its bytes go to standard output as they are.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ashlar get hello",
            "  ashlar get app/tls.crt > server.crt",
            "  ashlar get hello -o json                     with revision and content type, the value in base64",
            "  ashlar get hello --max-staleness 5s          from any replica that is at most 5 s behind",
        })
public final class GetCommand implements Callable<Integer> {
    @ParentCommand
    private AshlarCommand root;

    @Parameters(index = "0", paramLabel = "KEY", description = "The key.")
    private String key;

    @Option(
            names = "--stale",
            description = "Let any replica answer from what it has, also when no majority can be reached.")
    private boolean stale;

    @Option(
            names = "--max-staleness",
            paramLabel = "TIME",
            description = "As --stale, but refused when the replica is further behind, e.g. 5s.")
    private String maxStaleness;

    @Override
    public Integer call() {
        try (AshlarClient client = root.client()) {
            show(client.get(key, consistency())
                    .orElseThrow(() -> new CliException(ExitCode.NO, "not_found: there is no such key.")));
        }
        return ExitCode.OK.number();
    }

    private Consistency consistency() {
        if (maxStaleness != null) {
            return Consistency.stale(Duration.ofMillis(Arguments.durationMs("--max-staleness", maxStaleness)));
        }
        return stale ? Consistency.stale() : Consistency.LINEARIZABLE;
    }

    private void show(Entry entry) {
        if (root.output() == OutputFormat.json) {
            root.terminal()
                    .out()
                    .println(Json.line(new ScanItem(
                            key,
                            Base64.getEncoder().encodeToString(entry.value()),
                            entry.revision(),
                            entry.contentType())));
        } else {
            root.terminal().out().write(entry.value(), 0, entry.value().length);
            if (root.terminal().interactive()) {
                root.terminal().out().println();
            }
        }
    }
}
