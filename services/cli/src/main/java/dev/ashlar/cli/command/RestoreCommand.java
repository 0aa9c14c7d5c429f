package dev.ashlar.cli.command;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
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
import dev.ashlar.cli.backup.Restore;
import dev.ashlar.client.http.Call;
import dev.ashlar.client.http.Json;
import dev.ashlar.common.backup.BackupItem;
import dev.ashlar.common.backup.BackupReader;

/** {@code ashlar restore}: a backup into an empty cluster. */
@Command(
        name = "restore",
        header = "Put a backup into an empty cluster, of any size and number of shards.",
        description = {
            "First the whole file is checked: a file that was interrupted or changed is refused before anything is sent. Then every key is"
                    + " created. A cluster that holds keys is refused. Kept are values, content types and what is left of times to live;"
                    + " revisions (ETags) begin anew.",
            "It is not atomic: what an interrupted restore has put stays, and --resume goes on with the rest.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ashlar restore ashlar-2026-01-31.backup",
            "  ashlar restore --resume ashlar-2026-01-31.backup   after an interruption",
        })
public final class RestoreCommand implements Callable<Integer> {
    private static final int BUFFER_BYTES = 1 << 20;

    @ParentCommand
    private AshlarCommand root;

    @Parameters(index = "0", paramLabel = "FILE", description = "What ashlar backup or ashlar recover has written.")
    private Path file;

    @Option(
            names = "--resume",
            description = "Go on after an interrupted restore: keys that are there must be equal to those of the file.")
    private boolean resume;

    @Override
    public Integer call() throws InterruptedException {
        try (InputStream in = Files.newInputStream(file)) {
            var unused = Receive.check(in, new Progress(root.terminal().err(), "verify"));
        } catch (IOException failed) {
            throw new CliException(
                    ExitCode.REFUSED, file + " cannot be restored, nothing was sent: " + failed.getMessage());
        }
        if (!resume) {
            refuseData();
        }
        Progress progress = new Progress(root.terminal().err(), "restore");
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
                Restore restore = new Restore(root::stores, "restore-" + UUID.randomUUID(), resume, progress)) {
            BackupReader reader = new BackupReader(in);
            for (List<BackupItem> items = reader.next(); !items.isEmpty(); items = reader.next()) {
                String where = "shard " + reader.shards().size() + " of "
                        + reader.header().shards();
                for (BackupItem item : items) {
                    restore.put(item, where);
                }
            }
            restore.finish();
            progress.done();
            root.terminal()
                    .out()
                    .printf(
                            "restored %d keys%s%n",
                            restore.created(), resume ? ", " + restore.equal() + " were there" : "");
            return ExitCode.OK.number();
        } catch (IOException changed) {
            throw new CliException(ExitCode.REFUSED, file + " changed while it was read: " + changed.getMessage());
        }
    }

    private void refuseData() throws InterruptedException {
        ScanPage page = Json.read(root.stores().ask(Call.get("/v1/kv?limit=1&keys_only=true")), ScanPage.class);
        if (!page.items().isEmpty()) {
            throw new CliException(
                    ExitCode.REFUSED,
                    "the cluster holds keys (" + page.items().getFirst().key()
                            + ", for one); nothing was changed. Restore into an empty cluster, or use --resume after an"
                            + " interrupted restore.");
        }
    }
}
