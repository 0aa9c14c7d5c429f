package dev.ashlar.bench.figure;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Option;

import dev.ashlar.bench.http.AshlarHttp;
import dev.ashlar.bench.load.Target;
import dev.ashlar.bench.process.AshlarCluster;
import dev.ashlar.bench.process.WorkDirectory;
import dev.ashlar.bench.report.Machine;
import dev.ashlar.bench.report.MarkedPage;

/** The options that every figure has, the cluster they lead to, and where the figure is written. */
public final class Scene {
    private static final int PORT = 29_080;

    @Option(names = "--home", defaultValue = ".", description = "root of the sources, with built services")
    Path home;

    @Option(names = "--dir", description = "where data goes; emptied first (default HOME/.ashlar/bench-figures)")
    Path dir;

    @Option(
            names = "--page",
            description = "page to write into (default HOME/docs/benchmarks.md); 'none' writes nothing")
    String page;

    @Option(names = "--shards", defaultValue = "6", description = "default ${DEFAULT-VALUE}")
    int shards;

    @Option(names = "--coordinators", defaultValue = "3", description = "1 or 3 (default ${DEFAULT-VALUE})")
    int coordinators;

    @Option(names = "--port-offset", defaultValue = "0", description = "added to the ports of all processes")
    int portOffset;

    /** Starts an empty cluster from the built jars. */
    AshlarCluster start() throws IOException, InterruptedException {
        return AshlarCluster.start(options());
    }

    /** The cluster that the options describe; its directory is emptied. */
    public AshlarCluster.Options options() throws IOException {
        Path data = WorkDirectory.empty(dir == null ? home.resolve(".ashlar/bench-figures") : dir);
        return AshlarCluster.Options.of(home, data, coordinators, shards, PORT + portOffset);
    }

    /** A target that sends each key to its shard's leader. */
    public static Target target(AshlarCluster cluster) {
        return new AshlarHttp("ashlar", cluster.members(), true, cluster.token());
    }

    /** Added to every port. */
    public int portOffset() {
        return portOffset;
    }

    /** How many shards. */
    public int shards() {
        return shards;
    }

    /** How many coordinators. */
    public int coordinators() {
        return coordinators;
    }

    /** A file beside the page, in the directory for what belongs to it; empty when nothing is to be written. */
    public Optional<Path> beside(String name) {
        return "none".equals(page)
                ? Optional.empty()
                : Optional.of(file().resolveSibling("benchmarks").resolve(name));
    }

    private Path file() {
        return page == null ? home.resolve("docs/benchmarks.md") : Path.of(page);
    }

    /** An object for one figure, with the date and the machine in it. */
    public ObjectNode json(String figure) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("figure", figure);
        json.put("date", LocalDate.now(ZoneOffset.UTC).toString());
        json.put("commit", Machine.firstLineOf(home, "git", "rev-parse", "--short", "HEAD"));
        json.put("machine", Machine.facts(home));
        json.put("shards", shards);
        return json;
    }

    /** Prints the table and the JSON and puts the table into the page. */
    public void publish(ObjectNode json, String table) throws IOException {
        String figure = json.path("figure").asText();
        String text = "%s · commit %s · %s\n\n%s"
                .formatted(
                        json.path("date").asText(),
                        json.path("commit").asText(),
                        json.path("machine").asText(),
                        table);
        System.out.println(text);
        System.out.println(json);
        if (!"none".equals(page)) {
            MarkedPage.write(file(), "bench:" + figure, text);
        }
    }

    /** Tells how far a long measurement is. */
    public static void say(String line) {
        System.out.println(line);
    }
}
