package dev.ashlar.cli.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import dev.ashlar.client.http.Answer;
import dev.ashlar.client.http.Call;
import dev.ashlar.client.http.Json;

/** {@code ashlar txn}: several steps on keys of one shard, all or none. */
@Command(
        name = "txn",
        header = "Change several keys of one shard at once; exit code 1 when a condition does not hold.",
        description = "Conditions and steps come from options, or as the JSON of POST /v1/txn from a file.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ashlar txn --if-absent '{order-7}state' --put '{order-7}state=new' --put '{order-7}log=created'",
            "  ashlar txn --if-revision '{acc}a=41' --put '{acc}a=90' --put '{acc}b=110'",
            "  ashlar txn --get '{acc}a' --get '{acc}b'    both as they are at one instant",
            "  ashlar txn @move.json",
            "  echo '{\"then\":[{\"op\":\"delete\",\"key\":\"a\"}]}' | ashlar txn -",
            "",
            "Keys with the same {tag} are in one shard.",
        })
public final class TxnCommand implements Callable<Integer> {
    @ParentCommand
    private AshlarCommand root;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "@FILE|-",
            description = "The transaction as JSON, from a file or standard input.")
    private String source;

    @Option(names = "--if-absent", paramLabel = "KEY", description = "The key must not exist.")
    private List<String> ifAbsent = new ArrayList<>();

    @Option(names = "--if-revision", paramLabel = "KEY=N", description = "The key must be at this revision.")
    private List<String> ifRevision = new ArrayList<>();

    @Option(names = "--if-value", paramLabel = "KEY=VALUE", description = "The key must have this value.")
    private List<String> ifValue = new ArrayList<>();

    @Option(names = "--put", paramLabel = "KEY=VALUE", description = "Write a key.")
    private List<String> puts = new ArrayList<>();

    @Option(names = "--del", paramLabel = "KEY", description = "Delete a key.")
    private List<String> deletes = new ArrayList<>();

    @Option(names = "--get", paramLabel = "KEY", description = "Read a key, after the other steps.")
    private List<String> gets = new ArrayList<>();

    @Option(names = "--fence", paramLabel = "LOCK=TOKEN", description = "Only while the lock is held under this token.")
    private String fence;

    @Option(
            names = "--idempotency-key",
            paramLabel = "ID",
            description = "A repetition with the same ID applies once. Default: a random one for each call.")
    private String idempotencyKey;

    @Override
    public Integer call() throws InterruptedException {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Idempotency-Key", Arguments.idempotencyKey(idempotencyKey));
        headers.put("Content-Type", "application/json");
        if (fence != null) {
            headers.put("Ashlar-Fencing", fence);
        }
        Answer answer = root.stores().ask(new Call("POST", "/v1/txn", headers, Optional.of(body())));
        JsonNode done = Json.tree(answer);
        boolean succeeded = done.path("succeeded").asBoolean();
        if (root.output() == OutputFormat.json) {
            root.terminal().out().println(done);
        } else {
            root.terminal()
                    .out()
                    .println((succeeded ? "succeeded" : "a condition does not hold") + ", revision "
                            + done.path("revision").asLong());
            for (JsonNode result : done.path("results")) {
                root.terminal().out().println(line(result));
            }
        }
        return succeeded ? ExitCode.OK.number() : ExitCode.NO.number();
    }

    private static String line(JsonNode result) {
        String op = result.path("op").asText();
        String key = op + "  " + ValuePreview.printable(result.path("key").asText());
        return switch (op) {
            case "put" ->
                key + (result.path("created").asBoolean() ? "  created" : "  replaced") + ", revision "
                        + result.path("revision").asLong();
            case "delete" -> key + (result.path("deleted").asBoolean() ? "  deleted" : "  was not there");
            default ->
                result.path("found").asBoolean()
                        ? key + "  "
                                + ValuePreview.printable(new String(
                                        Base64.getDecoder()
                                                .decode(result.path("value").asText()),
                                        StandardCharsets.UTF_8))
                        : key + "  is not there";
        };
    }

    private byte[] body() {
        boolean options = !(ifAbsent.isEmpty()
                && ifRevision.isEmpty()
                && ifValue.isEmpty()
                && puts.isEmpty()
                && deletes.isEmpty()
                && gets.isEmpty());
        if (options == (source != null)) {
            throw new CliException(ExitCode.USAGE, "give steps by options, or a transaction by @FILE or -; not both");
        }
        return options ? Json.line(transaction()).getBytes(StandardCharsets.UTF_8) : file();
    }

    private Map<String, Object> transaction() {
        List<Map<String, Object>> compares = new ArrayList<>();
        ifAbsent.forEach(key -> compares.add(Map.of("key", key, "absent", true)));
        ifRevision.forEach(text -> compares.add(
                Map.of("key", left("--if-revision", text), "revision", number(right("--if-revision", text)))));
        ifValue.forEach(
                text -> compares.add(Map.of("key", left("--if-value", text), "text", right("--if-value", text))));
        List<Map<String, Object>> steps = new ArrayList<>();
        puts.forEach(text -> steps.add(Map.of("op", "put", "key", left("--put", text), "text", right("--put", text))));
        deletes.forEach(key -> steps.add(Map.of("op", "delete", "key", key)));
        gets.forEach(key -> steps.add(Map.of("op", "get", "key", key)));
        return Map.of("if", compares, "then", steps);
    }

    private static String left(String option, String text) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw new CliException(ExitCode.USAGE, option + " takes KEY=…, not '" + text + "'");
        }
        return text.substring(0, equals);
    }

    private static String right(String option, String text) {
        return text.substring(left(option, text).length() + 1);
    }

    private static long number(String text) {
        if (!text.matches("[1-9]\\d{0,17}")) {
            throw new CliException(ExitCode.USAGE, "--if-revision takes KEY=REVISION, a revision from 1");
        }
        return Long.parseLong(text);
    }

    private byte[] file() {
        try {
            if (source.equals("-")) {
                return root.terminal().in().readAllBytes();
            }
            return Files.readAllBytes(Path.of(source.startsWith("@") ? source.substring(1) : source));
        } catch (NoSuchFileException e) {
            throw new CliException(ExitCode.USAGE, "no such file: " + e.getMessage());
        } catch (IOException e) {
            throw new CliException(ExitCode.USAGE, "the transaction cannot be read: " + e.getMessage());
        }
    }
}
