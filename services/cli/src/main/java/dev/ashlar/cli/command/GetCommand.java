package dev.ashlar.cli.command;

import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import dev.ashlar.cli.AshlarCommand;
import dev.ashlar.cli.ExitCode;
import dev.ashlar.cli.client.Answer;
import dev.ashlar.cli.client.Call;
import dev.ashlar.cli.client.Json;
import dev.ashlar.cli.client.Paths;
import dev.ashlar.cli.output.OutputFormat;

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
    public Integer call() throws InterruptedException {
        Map<String, String> query = new LinkedHashMap<>();
        if (stale || maxStaleness != null) {
            query.put("consistency", "stale");
        }
        if (maxStaleness != null) {
            query.put("max_staleness", Arguments.duration("--max-staleness", maxStaleness));
        }
        Answer answer = root.stores().ask(Call.get(Paths.key(key) + Paths.query(query)));
        if (root.output() == OutputFormat.json) {
            root.terminal()
                    .out()
                    .println(Json.line(new ScanItem(
                            key,
                            Base64.getEncoder().encodeToString(answer.body()),
                            answer.revision(),
                            answer.header("Content-Type"))));
        } else {
            root.terminal().out().write(answer.body(), 0, answer.body().length);
            if (root.terminal().interactive()) {
                root.terminal().out().println();
            }
        }
        return ExitCode.OK.number();
    }
}
