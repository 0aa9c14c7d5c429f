package dev.ashlar.raft.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

import io.microraft.RaftEndpoint;
import io.microraft.model.impl.log.DefaultRaftGroupMembersViewOrBuilder;
import io.microraft.model.log.RaftGroupMembersView;
import io.microraft.model.log.SnapshotChunk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.ashlar.raft.Member;
import dev.ashlar.raft.log.LogCrash;
import dev.ashlar.raft.log.LogOptions;
import dev.ashlar.raft.log.SharedLog;
import dev.ashlar.raft.log.SnapshotMark;
import dev.ashlar.raft.wire.Codec;
import dev.ashlar.raft.wire.Endpoint;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The log keeps four marks. A snapshot that is installed must get one, since the log begins there afterwards, and the mark
 * that a restart begins at until then must stay. Without both, the next start refuses the replica.
 */
class MarkOfAnInstalledSnapshotTest {
    private static final LogOptions OPTIONS = new LogOptions(64 << 10, 8 * (64 << 10), 0);
    private static final Member LOCAL = new Member("store-0.0", 1);

    @TempDir
    private Path directory;

    private SharedLog log;
    private Engine engine;
    private GroupLog group;

    @BeforeEach
    void fourMarksAheadOfTheState() throws IOException {
        log = LogCrash.openWithoutSync(directory, OPTIONS);
        engine = new Engine(System::nanoTime, new Random(1), log, null, null, () -> {});
        group = new GroupLog(1, LOCAL, engine, new PayloadCache(1 << 20));
        group.persistAndFlushInitialGroupMembers(members());
        for (long index = 16; index <= 64; index += 16) {
            group.persistSnapshotChunk(chunk(index));
        }
    }

    @AfterEach
    void close() throws IOException {
        log.close();
    }

    @Test
    void anOwnSnapshotWaitsUntilTheStateHasReachedAMark() throws IOException {
        group.persistSnapshotChunk(chunk(80));
        assertThat(marksAfterRestart()).containsExactly(16L, 32L, 48L, 64L);
    }

    @Test
    void anInstalledSnapshotTakesThePlaceOfTheNewest() throws IOException {
        engine.outbox().durable(engine.epoch());
        group.release(16);
        group.mark(chunk(200));
        assertThat(marksAfterRestart()).containsExactly(16L, 32L, 48L, 200L);
    }

    @Test
    void aMarkThatNobodyNeedsMakesRoom() throws IOException {
        engine.outbox().durable(engine.epoch());
        group.release(40);
        group.persistSnapshotChunk(chunk(80));
        assertThat(marksAfterRestart()).containsExactly(32L, 48L, 64L, 80L);
    }

    private List<Long> marksAfterRestart() throws IOException {
        log.close();
        log = LogCrash.openWithoutSync(directory, OPTIONS);
        return log.groups().get(1).marks().stream().map(SnapshotMark::index).toList();
    }

    private static SnapshotChunk chunk(long index) {
        return Codec.chunk(index, 1, members());
    }

    private static RaftGroupMembersView members() {
        List<RaftEndpoint> local = List.of(new Endpoint(LOCAL));
        return new DefaultRaftGroupMembersViewOrBuilder()
                .setLogIndex(0)
                .setMembers(local)
                .setVotingMembers(local)
                .build();
    }
}
