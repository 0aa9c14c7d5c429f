package dev.ashlar.cli.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import dev.ashlar.cli.AshlarCommand;
import dev.ashlar.cli.CliException;
import dev.ashlar.cli.ExitCode;
import dev.ashlar.cli.Terminal;
import dev.ashlar.cli.output.OutputFormat;
import dev.ashlar.cli.output.ValuePreview;
import dev.ashlar.client.AshlarClient;
import dev.ashlar.client.WriteOptions;
import dev.ashlar.client.Written;
import dev.ashlar.client.http.Json;
import dev.ashlar.common.Limits;

/** {@code ashlar put}: writes one key. */
@Command(
        name = "put",
        header = "Write a key.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ashlar put hello world",
            "  ashlar put app/tls.crt @server.crt --content-type application/x-pem-file",
            "  date | ashlar put now -",
            "  ashlar put leader me --if-absent --ttl 30s     create it, for 30 seconds",
            "  ashlar put counter 8 --if-revision 41          only if nobody wrote since revision 41",
        })
public final class PutCommand implements Callable<Integer> {
    @ParentCommand
    private AshlarCommand root;

    @Parameters(index = "0", paramLabel = "KEY", description = "1 to 1024 bytes of UTF-8.")
    private String key;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "VALUE",
            description = "The value; - or nothing reads standard input, @FILE a file, @@text is the text @text.")
    private String value;

    @Option(names = "--ttl", paramLabel = "TIME", description = "Delete the key after this time, e.g. 30s, 12h.")
    private String ttl;

    @Option(names = "--if-absent", description = "Only create; refused when the key exists.")
    private boolean ifAbsent;

    @Option(names = "--if-revision", paramLabel = "N", description = "Only replace this revision.")
    private Long ifRevision;

    @Option(names = "--content-type", paramLabel = "TYPE", description = "Kept with the value, given back on get.")
    private String contentType;

    @Option(
            names = "--idempotency-key",
            paramLabel = "ID",
            description = "A repetition with the same ID applies once. Default: a random one for each call.")
    private String idempotencyKey;

    @Override
    public Integer call() {
        if (ifAbsent && ifRevision != null) {
            throw new CliException(ExitCode.USAGE, "--if-absent and --if-revision exclude each other");
        }
        WriteOptions options = Arguments.writeOptions(idempotencyKey, ifRevision);
        options = ifAbsent ? options.ifAbsent() : options;
        options = contentType == null ? options : options.contentType(contentType);
        options = ttl == null ? options : options.ttl(Duration.ofMillis(Arguments.durationMs("--ttl", ttl)));
        try (AshlarClient client = root.client()) {
            Written written = client.put(key, bytes(), options);
            root.terminal()
                    .out()
                    .println(
                            root.output() == OutputFormat.json
                                    ? Json.line(new WriteResult(key, written.revision(), written.shard()))
                                    : ValuePreview.printable(key) + (written.created() ? " created" : " replaced")
                                            + ", revision " + written.revision() + ", shard " + written.shard());
        }
        return ExitCode.OK.number();
    }

    private byte[] bytes() {
        Terminal terminal = root.terminal();
        try {
            if (value == null && terminal.interactive()) {
                throw new CliException(ExitCode.USAGE, "the value is missing: give VALUE, @FILE, or - to type it here");
            }
            if (value == null || value.equals("-")) {
                return bounded(terminal.in());
            }
            if (value.startsWith("@@")) {
                return value.substring(1).getBytes(StandardCharsets.UTF_8);
            }
            if (value.startsWith("@")) {
                try (InputStream file = Files.newInputStream(Path.of(value.substring(1)))) {
                    return bounded(file);
                }
            }
            return value.getBytes(StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new CliException(ExitCode.USAGE, "no such file: " + e.getMessage());
        } catch (IOException e) {
            throw new CliException(ExitCode.USAGE, "the value cannot be read: " + e.getMessage());
        }
    }

    /** Reads at most one byte more than is permitted, however long the input is. */
    private static byte[] bounded(InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(Limits.VALUE_BYTES_MAX + 1);
        if (bytes.length > Limits.VALUE_BYTES_MAX) {
            throw new CliException(
                    ExitCode.REFUSED,
                    "value_too_large: a value has at most " + Limits.VALUE_BYTES_MAX
                            + " bytes. Split it, or keep it elsewhere and store its address.");
        }
        return bytes;
    }
}
