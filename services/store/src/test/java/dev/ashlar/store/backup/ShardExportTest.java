package dev.ashlar.store.backup;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.ashlar.common.backup.BackupHeader;
import dev.ashlar.common.backup.BackupItem;
import dev.ashlar.common.backup.BackupReader;
import dev.ashlar.common.backup.BackupWriter;
import dev.ashlar.raft.Command;
import dev.ashlar.raft.LogEntry;
import dev.ashlar.raft.state.RocksResources;
import dev.ashlar.store.kv.KvCallback;
import dev.ashlar.store.kv.KvCommand;
import dev.ashlar.store.kv.KvResult;
import dev.ashlar.store.kv.KvStateMachine;
import dev.ashlar.store.kv.KvSubmission;
import dev.ashlar.store.kv.KvView;
import dev.ashlar.store.kv.Precondition;
import dev.ashlar.store.kv.RecentMetas;

import static org.assertj.core.api.Assertions.assertThat;

/** The time of a backup is the shard's, not that of the machine that writes it. */
class ShardExportTest {
    /** Long past by any clock of today. */
    private static final long SHARD_TIME_MS = 1_500_000_000_000L;

    @TempDir
    private Path directory;

    @Test
    void aKeyThatEveryReaderSeesIsInTheBackupHoweverLateItIsHere() throws IOException {
        try (RocksResources resources = new RocksResources(RocksResources.Budget.of(8 << 20, 8 << 20));
                KvStateMachine shard = KvStateMachine.open(resources, new RecentMetas(), directory.resolve("state"))) {
            apply(shard, 1, SHARD_TIME_MS, put("expired", 1_000));
            apply(shard, 2, SHARD_TIME_MS, put("session", 60_000));
            apply(shard, 3, SHARD_TIME_MS + 1_000, put("plain", 0));
            assertThat(shard.get("session")).isPresent();
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            BackupWriter backup = new BackupWriter(file, new BackupHeader("cluster", 1, "test", 1));
            try (KvView view = shard.view()) {
                backup.shard(out -> ShardExport.write(view, 0, out));
            }
            backup.finish();
            List<BackupItem> items = new BackupReader(new ByteArrayInputStream(file.toByteArray())).next();
            assertThat(items).extracting(BackupItem::key).containsExactly("plain", "session");
            assertThat(items).extracting(BackupItem::ttlMs).containsExactly(0L, 59_000L);
        }
    }

    private static KvCommand put(String key, long ttlMs) {
        return new KvCommand.Put(key, new byte[1], "text/plain", Precondition.NONE, ttlMs);
    }

    private static void apply(KvStateMachine shard, long index, long nowMs, KvCommand command) throws IOException {
        KvSubmission submission = KvSubmission.of(command, nowMs, Optional.empty(), new KvCallback() {
            @Override
            public void applied(KvResult result) {}

            @Override
            public void failed(Command.Failure failure) {
                throw new AssertionError("failed: " + failure);
            }
        });
        shard.apply(new LogEntry(index, List.of(submission.bytes()), List.of(submission)));
        shard.endOfTurn();
    }
}
