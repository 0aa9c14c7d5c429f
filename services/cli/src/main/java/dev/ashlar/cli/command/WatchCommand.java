package dev.ashlar.cli.command;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import dev.ashlar.cli.AshlarCommand;
import dev.ashlar.cli.CliException;
import dev.ashlar.cli.ExitCode;
import dev.ashlar.cli.output.OutputFormat;
import dev.ashlar.cli.output.ValuePreview;
import dev.ashlar.client.http.EventStream;
import dev.ashlar.client.http.Json;
import dev.ashlar.client.http.Paths;

/** {@code ashlar watch}: tells what changes, and goes on through restarts of stores. */
@Command(
        name = "watch",
        header = "Tell what changes below a prefix, until Ctrl-C.",
        description =
                "Every put and delete is told once, in the order of its shard, also when stores restart meanwhile.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ashlar watch app/",
            "  ashlar watch app/db/url --key              this key only",
            "  ashlar watch app/ -o json | jq .key        one JSON object per line, each with its cursor",
            "  ashlar watch app/ --from CURSOR            everything since then",
            "  ashlar watch deploy/ --count 1             wait for the next change",
        })
public final class WatchCommand implements Callable<Integer> {
    @ParentCommand
    private AshlarCommand root;

    @Parameters(
            index = "0",
            arity = "0..1",
            defaultValue = "",
            paramLabel = "PREFIX",
            description = "Keys that begin with it; all keys when it is left out.")
    private String prefix;

    @Option(names = "--key", description = "PREFIX is a key: watch it alone.")
    private boolean exact;

    @Option(names = "--from", paramLabel = "CURSOR", description = "Go on after this cursor.")
    private String from;

    @Option(names = "--keys-only", description = "Leave the values out.")
    private boolean keysOnly;

    @Option(names = "--count", paramLabel = "N", description = "End after so many changes.")
    private long count;

    /** Ends the reading of an endless stream. */
    private static final class Enough extends RuntimeException {
        private static final long serialVersionUID = 1;

        Enough() {
            super("enough", null, false, false);
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (exact) {
            parameters.put("key", prefix);
        } else if (!prefix.isEmpty()) {
            parameters.put("prefix", prefix);
        }
        if (from != null) {
            parameters.put("from", from);
        }
        if (keysOnly) {
            parameters.put("keys_only", "true");
        }
        EventStream stream = root.events("/v1/watch" + Paths.query(parameters));
        long[] left = {count};
        try {
            stream.read(event -> {
                if (show(event) && count > 0 && --left[0] == 0) {
                    throw new Enough();
                }
            });
        } catch (Enough enough) {
            return ExitCode.OK.number();
        }
        return ExitCode.OK.number();
    }

    /** Whether it was a change. */
    private boolean show(EventStream.Event event) {
        switch (event.name()) {
            case "put", "delete" -> {
                change(event);
                return true;
            }
            case "resync" -> {
                JsonNode why = tree(event);
                if (!why.path("code").asText().equals("compacted")) {
                    // The store had no room for what this client had not taken: the stream goes on from the last event.
                    return false;
                }
                throw new CliException(
                        ExitCode.REFUSED,
                        "compacted: " + why.path("detail").asText() + ". `ashlar ls` shows the present state.");
            }
            default -> {
                return false;
            }
        }
    }

    private void change(EventStream.Event event) {
        PrintStream out = root.terminal().out();
        JsonNode data = tree(event);
        if (root.output() == OutputFormat.json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("event", event.name());
            data.properties().forEach(field -> line.put(field.getKey(), field.getValue()));
            line.put("cursor", event.id());
            out.println(Json.line(line));
        } else {
            String value = data.has("value")
                    ? "  "
                            + ValuePreview.printable(new String(
                                    Base64.getDecoder()
                                            .decode(data.path("value").asText()),
                                    StandardCharsets.UTF_8))
                    : "";
            out.println(event.name() + "  "
                    + ValuePreview.printable(data.path("key").asText()) + "  revision "
                    + data.path("revision").asLong() + value);
        }
        out.flush();
    }

    private static JsonNode tree(EventStream.Event event) {
        try {
            return Json.read(event.data().getBytes(StandardCharsets.UTF_8), JsonNode.class);
        } catch (IOException notJson) {
            throw new CliException(ExitCode.REFUSED, "the store sent an event that cannot be read: " + event.data());
        }
    }
}
