package dev.ashlar.cli;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

import dev.ashlar.cli.command.BackupCommand;
import dev.ashlar.cli.command.BenchCommand;
import dev.ashlar.cli.command.CompletionCommand;
import dev.ashlar.cli.command.DecommissionCommand;
import dev.ashlar.cli.command.DelCommand;
import dev.ashlar.cli.command.DevCommand;
import dev.ashlar.cli.command.DrainCommand;
import dev.ashlar.cli.command.EventsCommand;
import dev.ashlar.cli.command.FinalizeCommand;
import dev.ashlar.cli.command.GateCommand;
import dev.ashlar.cli.command.GetCommand;
import dev.ashlar.cli.command.LockCommand;
import dev.ashlar.cli.command.LsCommand;
import dev.ashlar.cli.command.PutCommand;
import dev.ashlar.cli.command.RecoverCommand;
import dev.ashlar.cli.command.RestoreCommand;
import dev.ashlar.cli.command.StatusCommand;
import dev.ashlar.cli.command.TransferCommand;
import dev.ashlar.cli.command.TxnCommand;
import dev.ashlar.cli.command.UndrainCommand;
import dev.ashlar.cli.command.WatchCommand;
import dev.ashlar.cli.output.OutputFormat;
import dev.ashlar.client.AshlarClient;
import dev.ashlar.client.http.ApiClient;
import dev.ashlar.client.http.Connection;
import dev.ashlar.client.http.Endpoints;
import dev.ashlar.client.http.EventStream;
import dev.ashlar.client.http.Tls;

/** The root of the command line: the options that every command has, and how a command reaches the cluster. */
@Command(
        name = "ashlar",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Version.class,
        header = "Talks to an Ashlar cluster, or starts one on this machine.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            PutCommand.class,
            GetCommand.class,
            DelCommand.class,
            LsCommand.class,
            WatchCommand.class,
            TxnCommand.class,
            LockCommand.class,
            StatusCommand.class,
            EventsCommand.class,
            GateCommand.class,
            DrainCommand.class,
            UndrainCommand.class,
            DecommissionCommand.class,
            TransferCommand.class,
            FinalizeCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            RecoverCommand.class,
            BenchCommand.class,
            DevCommand.class,
            CompletionCommand.class,
        },
        footerHeading = "%nExit codes:%n",
        footer = {
            "  0  done",
            "  1  not found, or the answer is no",
            "  2  the command line is wrong",
            "  3  refused; the message says why",
            "  4  nobody could answer",
            "",
            "Examples:",
            "  ashlar dev                          start a cluster on this machine",
            "  ashlar put app/db/url postgres://db write a key",
            "  ashlar get app/db/url               read it, from any store",
            "  ashlar watch app/                   tell what changes below app/",
            "  ashlar lock nightly -- ./backup.sh  run a command while holding a lock",
            "  ashlar status                       who is where, and is all well",
        })
public final class AshlarCommand implements Runnable {
    private static final String DEFAULT_ENDPOINT = "http://127.0.0.1:8080";
    private static final String DEFAULT_COORDINATOR = "http://127.0.0.1:8180";

    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-e", "--endpoint"},
            paramLabel = "URL[,URL...]",
            scope = ScopeType.INHERIT,
            description =
                    "Stores to ask; the next one is tried when one cannot be reached. Default: ASHLAR_ENDPOINT or "
                            + DEFAULT_ENDPOINT + ".")
    private String endpoint;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            scope = ScopeType.INHERIT,
            description = "Bearer token. Default: ASHLAR_TOKEN (better: other users see the arguments of a process).")
    private String token;

    @Option(
            names = "--cacert",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description =
                    "Authority (PEM) that is believed for https. Default: ASHLAR_CA_FILE, or those of the system.")
    private Path authority;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "table|json",
            scope = ScopeType.INHERIT,
            defaultValue = "table",
            description = "How answers are shown: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private OutputFormat output;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            scope = ScopeType.INHERIT,
            defaultValue = "15",
            description = "How long to try, in seconds, 1 to 600. Default: ${DEFAULT-VALUE}.")
    private int timeoutSeconds;

    AshlarCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Without a command there is nothing to do: shows the help and counts as a wrong command line. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command.");
    }

    public Terminal terminal() {
        return terminal;
    }

    public OutputFormat output() {
        return output;
    }

    /** Base URLs of the stores. */
    public List<URI> endpoints() {
        return Endpoints.parse(endpoint == null ? terminal.variable("ASHLAR_ENDPOINT", DEFAULT_ENDPOINT) : endpoint);
    }

    /** The bearer token, or empty. */
    public String secret() {
        return token == null ? terminal.variable("ASHLAR_TOKEN", "") : token;
    }

    /** A program's client for the stores. It asks them in turn: for one call it is not worth asking for the leader first. */
    public AshlarClient client() {
        return AshlarClient.builder()
                .connection(connection(endpoints()))
                .toLeaders(false)
                .patient(false)
                .build();
    }

    /** The API of the stores as it is. */
    public ApiClient stores() {
        return ApiClient.impatient(connection(endpoints()));
    }

    /** How long one call is tried, in milliseconds. */
    public long timeoutMs() {
        return timeoutSeconds * 1_000L;
    }

    /** A stream of events from the stores, which outlives the store that it is connected to. */
    public EventStream events(String path) {
        return new EventStream(connection(endpoints()), path);
    }

    /** A client for the coordinators; {@code named} is what the command line says, or null. */
    public ApiClient coordinators(String named) {
        String list = named == null ? terminal.variable("ASHLAR_COORDINATOR", DEFAULT_COORDINATOR) : named;
        return ApiClient.impatient(connection(Endpoints.parse(list)));
    }

    private Connection connection(List<URI> endpoints) {
        if (timeoutSeconds < 1 || timeoutSeconds > 600) {
            throw new CliException(ExitCode.USAGE, "--timeout must be 1 to 600 seconds, not " + timeoutSeconds);
        }
        return new Connection(
                endpoints,
                Optional.of(secret()).filter(secret -> !secret.isEmpty()),
                trust(),
                Duration.ofSeconds(timeoutSeconds));
    }

    private Optional<SSLContext> trust() {
        String named = authority == null ? terminal.variable("ASHLAR_CA_FILE", "") : authority.toString();
        return named.isEmpty() ? Optional.empty() : Optional.of(Tls.trusting(named));
    }
}
