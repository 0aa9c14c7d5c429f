package dev.ashlar.cli.command;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

import picocli.CommandLine.Option;

import dev.ashlar.cli.AshlarCommand;
import dev.ashlar.cli.CliException;
import dev.ashlar.cli.ExitCode;
import dev.ashlar.cli.output.OutputFormat;
import dev.ashlar.cli.output.ValuePreview;
import dev.ashlar.client.http.Answer;
import dev.ashlar.client.http.Call;
import dev.ashlar.client.http.Json;
import dev.ashlar.common.cluster.AdminAnswer;

/** What the commands that speak to coordinators share. Every one of their requests may be sent twice. */
final class Coordinators {
    @Option(
            names = "--coordinator",
            paramLabel = "URL[,URL...]",
            description = "Coordinators to ask. Default: ASHLAR_COORDINATOR or http://127.0.0.1:8180.")
    private String coordinator;

    Answer ask(AshlarCommand root, String path) throws InterruptedException {
        return root.coordinators(coordinator).ask(Call.get(path));
    }

    /** Posts and shows what was done. */
    int post(AshlarCommand root, String path, String body) throws InterruptedException {
        Map<String, String> headers = Map.of("Content-Type", "application/json");
        Answer answer = root.coordinators(coordinator)
                .ask(new Call("POST", path, headers, Optional.of(body.getBytes(StandardCharsets.UTF_8))));
        if (root.output() == OutputFormat.json) {
            root.terminal().out().println(Json.tree(answer));
        } else {
            AdminAnswer done = Json.read(answer, AdminAnswer.class);
            root.terminal()
                    .out()
                    .println(ValuePreview.printable(done.subject()) + ": " + ValuePreview.printable(done.state()));
        }
        return ExitCode.OK.number();
    }

    /** A name that may stand in a path as it is. */
    static String name(String text) {
        if (!text.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,62}")) {
            throw new CliException(ExitCode.USAGE, "'" + text + "' is not the name of a store, such as store-1");
        }
        return text;
    }
}
