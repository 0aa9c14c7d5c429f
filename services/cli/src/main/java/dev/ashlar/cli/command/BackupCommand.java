package dev.ashlar.cli.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import dev.ashlar.cli.AshlarCommand;
import dev.ashlar.cli.CliException;
import dev.ashlar.cli.ExitCode;
import dev.ashlar.cli.backup.Progress;
import dev.ashlar.cli.backup.Receive;
import dev.ashlar.common.backup.BackupReader;
import dev.ashlar.common.backup.ShardSummary;

/** {@code ashlar backup}: all keys of the cluster into a file. */
@Command(
        name = "backup",
        header = "Write all keys into a file.",
        description = {
            "Every shard is taken at one revision, while the cluster goes on serving; nothing is promised between shards. The file"
                    + " gets its name when it is whole and checked: an interrupted backup leaves none.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ashlar backup ashlar-$(date +%%F).backup",
            "  ashlar backup --verify ashlar-2026-01-31.backup    only check a file that is there",
        })
public final class BackupCommand implements Callable<Integer> {
    @ParentCommand
    private AshlarCommand root;

    @Parameters(index = "0", paramLabel = "FILE", description = "Must not exist.")
    private Path file;

    @Option(names = "--verify", description = "Check FILE, which exists; the cluster is not asked.")
    private boolean verify;

    @Override
    public Integer call() throws InterruptedException {
        Progress progress = new Progress(root.terminal().err(), verify ? "verify" : "backup");
        try {
            BackupReader reader = verify ? checked(progress) : received(progress);
            root.terminal()
                    .out()
                    .printf(
                            "%s: whole, cluster %s, %d shards, %d keys%n",
                            file,
                            reader.header().clusterId(),
                            reader.header().shards(),
                            reader.shards().stream()
                                    .mapToLong(ShardSummary::items)
                                    .sum());
            return ExitCode.OK.number();
        } catch (IOException failed) {
            throw new CliException(
                    ExitCode.REFUSED,
                    (verify ? file + " is no backup: " : "no backup was made: ") + failed.getMessage());
        }
    }

    private BackupReader checked(Progress progress) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Receive.check(in, progress);
        }
    }

    private BackupReader received(Progress progress) throws IOException, InterruptedException {
        if (Files.exists(file)) {
            throw new CliException(ExitCode.REFUSED, file + " exists already; nothing was done");
        }
        try (InputStream in = root.stores().stream("/v1/backup")) {
            return Receive.into(file, in, progress);
        }
    }
}
