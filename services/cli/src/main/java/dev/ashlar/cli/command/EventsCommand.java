package dev.ashlar.cli.command;

import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

import dev.ashlar.cli.AshlarCommand;
import dev.ashlar.cli.ExitCode;
import dev.ashlar.cli.output.OutputFormat;
import dev.ashlar.cli.output.Table;
import dev.ashlar.cli.output.ValuePreview;
import dev.ashlar.client.http.ApiClient;
import dev.ashlar.client.http.Call;
import dev.ashlar.client.http.Json;
import dev.ashlar.client.http.Paths;
import dev.ashlar.common.cluster.Event;

/** {@code ashlar events}: what the coordinator did and saw, and why. Following asks every second for what came after the last event, so it survives a change of the coordinators' leader. */
@Command(
        name = "events",
        header = "Show what happened in the cluster, from a coordinator's journal.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ashlar events",
            "  ashlar events -f                             go on until Ctrl-C",
            "  ashlar events --after 120 -o json",
        })
public final class EventsCommand implements Callable<Integer> {
    private static final long FOLLOW_PAUSE_MS = 1_000;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    @ParentCommand
    private AshlarCommand root;

    @Option(
            names = "--coordinator",
            paramLabel = "URL[,URL...]",
            description = "Coordinators to ask. Default: ASHLAR_COORDINATOR or http://127.0.0.1:8180.")
    private String coordinator;

    @Option(names = "--after", paramLabel = "ID", defaultValue = "0", description = "Only events after this id.")
    private long after;

    @Option(
            names = {"-f", "--follow"},
            description = "Wait for more.")
    private boolean follow;

    @Override
    public Integer call() throws InterruptedException {
        ApiClient coordinators = root.coordinators(coordinator);
        boolean first = true;
        while (true) {
            String path = "/v1/events" + Paths.query(Map.of("after", Long.toString(after)));
            List<Event> events = list(Json.tree(coordinators.ask(Call.get(path))));
            show(events, first);
            first &= events.isEmpty();
            for (Event event : events) {
                after = Math.max(after, event.id());
            }
            if (!follow) {
                return ExitCode.OK.number();
            }
            root.terminal().out().flush();
            Thread.sleep(FOLLOW_PAUSE_MS);
        }
    }

    private static List<Event> list(JsonNode answer) {
        List<Event> events = new ArrayList<>();
        for (JsonNode each : answer.isArray() ? answer : answer.path("events")) {
            events.add(Json.convert(each, Event.class));
        }
        return events;
    }

    private void show(List<Event> events, boolean withHeader) {
        PrintStream out = root.terminal().out();
        if (root.output() == OutputFormat.json) {
            events.forEach(event -> out.println(Json.line(event)));
        } else if (!events.isEmpty()) {
            Table table = new Table("ID", "TIME", "EVENT", "SUBJECT", "REASON");
            for (Event event : events) {
                table.row(
                        Long.toString(event.id()),
                        TIME.format(Instant.ofEpochMilli(event.atMs())),
                        ValuePreview.printable(event.kind()),
                        ValuePreview.printable(event.subject()),
                        ValuePreview.printable(event.reason()));
            }
            table.print(out, withHeader);
        }
    }
}
