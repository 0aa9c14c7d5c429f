package dev.ashlar.raft.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.microraft.RaftEndpoint;
import io.microraft.RaftNode;
import io.microraft.executor.RaftNodeExecutor;
import io.microraft.impl.RaftNodeImpl;
import io.microraft.model.impl.log.DefaultRaftGroupMembersViewOrBuilder;
import io.microraft.model.impl.log.DefaultSnapshotEntryOrBuilder;
import io.microraft.model.impl.persistence.DefaultRaftEndpointPersistentStateOrBuilder;
import io.microraft.model.impl.persistence.DefaultRaftTermPersistentStateOrBuilder;
import io.microraft.model.log.LogEntry;
import io.microraft.model.log.RaftGroupMembersView;
import io.microraft.model.message.AppendEntriesFailureResponse;
import io.microraft.model.message.AppendEntriesRequest;
import io.microraft.model.message.AppendEntriesSuccessResponse;
import io.microraft.model.message.RaftMessage;
import io.microraft.persistence.RestoredRaftState;
import io.microraft.statemachine.StateMachine;
import io.microraft.transport.Transport;
import org.junit.jupiter.api.Test;

import dev.ashlar.raft.Member;
import dev.ashlar.raft.wire.Codec;
import dev.ashlar.raft.wire.Endpoint;
import dev.ashlar.raft.wire.Models;
import dev.ashlar.raft.wire.Operation;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A leader of term 1 crashed with a snapshot at 10 and entries 11 and 12 that nobody acknowledged. The leader of term 2 has
 * an entry of its own at 11.
 */
class FormerLeaderWithUnacknowledgedTailTest {
    private static final RaftEndpoint FORMER = new Endpoint(new Member("a.0000000000000001", 1));
    private static final RaftEndpoint LEADER = new Endpoint(new Member("b.0000000000000002", 2));
    private static final RaftEndpoint OTHER = new Endpoint(new Member("c.0000000000000003", 3));

    private final Models models = new Models();
    private final List<RaftMessage> sent = new ArrayList<>();
    private final Deque<Runnable> tasks = new ArrayDeque<>();

    /** Shows the fault of MicroRaft 0.7. When this fails the library was mended and {@link MatchAtSnapshot} can go. */
    @Test
    void microRaftAloneRefusesForEver() {
        RaftNodeImpl node = former();
        node.handle(append(10, 1, List.of(entry(11, 2))));
        drain();
        assertThat(sent).last().isInstanceOf(AppendEntriesFailureResponse.class);
        node.handle(append(9, 1, List.of(entry(10, 1), entry(11, 2))));
        drain();
        assertThat(sent).last().isInstanceOf(AppendEntriesFailureResponse.class);
    }

    @Test
    void theConflictingTailIsReplaced() {
        RaftNodeImpl node = former();
        new MatchAtSnapshot(node, append(10, 1, List.of(entry(11, 2)))).run();
        assertThat(success().getLastLogIndex()).isEqualTo(11);
        assertThat(node.state().log().lastLogOrSnapshotIndex()).isEqualTo(11);
        assertThat(node.state().log().getLogEntry(11).getTerm()).isEqualTo(2);
    }

    @Test
    void aTailThatTheLeaderHasStays() {
        RaftNodeImpl node = former();
        new MatchAtSnapshot(node, append(10, 1, List.of(entry(11, 1), entry(12, 1), entry(13, 2)))).run();
        assertThat(success().getLastLogIndex()).isEqualTo(13);
        assertThat(node.state().log().getLogEntry(12).getTerm()).isEqualTo(1);
    }

    /** The entries behind the snapshot may be acknowledged ones: a probe must not drop them (S1). */
    @Test
    void aProbeIsConfirmedAndDropsNothing() {
        RaftNodeImpl node = former();
        new MatchAtSnapshot(node, append(10, 1, List.of())).run();
        assertThat(success().getLastLogIndex()).isEqualTo(10);
        assertThat(node.state().log().lastLogOrSnapshotIndex()).isEqualTo(12);
        assertThat(node.state().leader()).isEqualTo(LEADER);
    }

    @Test
    void aRequestOfAnOlderTermIsRefused() {
        RaftNodeImpl node = former();
        node.toFollower(3);
        new MatchAtSnapshot(node, append(10, 1, List.of(entry(11, 2)))).run();
        assertThat(sent).last().isInstanceOf(AppendEntriesFailureResponse.class);
        assertThat(node.state().log().getLogEntry(11).getTerm()).isEqualTo(1);
    }

    private AppendEntriesSuccessResponse success() {
        assertThat(sent).last().isInstanceOf(AppendEntriesSuccessResponse.class);
        return (AppendEntriesSuccessResponse) sent.get(sent.size() - 1);
    }

    private AppendEntriesRequest append(long previous, int previousTerm, List<LogEntry> entries) {
        return models.createAppendEntriesRequestBuilder()
                .setGroupId(1)
                .setSender(LEADER)
                .setTerm(2)
                .setPreviousLogIndex(previous)
                .setPreviousLogTerm(previousTerm)
                .setCommitIndex(10)
                .setLogEntries(entries)
                .build();
    }

    private LogEntry entry(long index, int term) {
        return models.createLogEntryBuilder()
                .setIndex(index)
                .setTerm(term)
                .setOperation(new Operation.Batch(List.of(new byte[] {1}), List.of()))
                .build();
    }

    private RaftNodeImpl former() {
        Collection<RaftEndpoint> members = List.of(FORMER, LEADER, OTHER);
        RaftGroupMembersView view = new DefaultRaftGroupMembersViewOrBuilder()
                .setLogIndex(0)
                .setMembers(members)
                .setVotingMembers(members)
                .build();
        RestoredRaftState restored = new RestoredRaftState(
                new DefaultRaftEndpointPersistentStateOrBuilder()
                        .setLocalEndpoint(FORMER)
                        .setVoting(true)
                        .build(),
                view,
                new DefaultRaftTermPersistentStateOrBuilder().setTerm(1).build(),
                new DefaultSnapshotEntryOrBuilder()
                        .setIndex(10)
                        .setTerm(1)
                        .setSnapshotChunks(List.of(Codec.chunk(10, 1, view)))
                        .setGroupMembersView(view)
                        .build(),
                List.of(entry(11, 1), entry(12, 1)));
        RaftNodeImpl node = (RaftNodeImpl) RaftNode.newBuilder()
                .setGroupId(1)
                .setRestoredState(restored)
                .setExecutor(new QueueingExecutor())
                .setTransport(new RecordingTransport())
                .setStateMachine(new NoState())
                .setModelFactory(models)
                .build();
        node.start();
        drain();
        return node;
    }

    private void drain() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private final class QueueingExecutor implements RaftNodeExecutor {
        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        @Override
        public void submit(Runnable task) {
            tasks.add(task);
        }

        @Override
        public void schedule(Runnable task, long delay, TimeUnit timeUnit) {}
    }

    private final class RecordingTransport implements Transport {
        @Override
        public void send(RaftEndpoint target, RaftMessage message) {
            sent.add(message);
        }

        @Override
        public boolean isReachable(RaftEndpoint endpoint) {
            return true;
        }
    }

    private static final class NoState implements StateMachine {
        @Override
        public Object runOperation(long commitIndex, Object operation) {
            return commitIndex;
        }

        @Override
        public void takeSnapshot(long commitIndex, Consumer<Object> snapshotChunkConsumer) {}

        @Override
        public void installSnapshot(long commitIndex, List<Object> snapshotChunks) {}

        @Override
        public Object getNewTermOperation() {
            return new Operation.NewTerm();
        }
    }
}
