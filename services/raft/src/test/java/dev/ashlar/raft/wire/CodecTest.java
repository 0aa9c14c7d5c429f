package dev.ashlar.raft.wire;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;

import io.microraft.MembershipChangeMode;
import io.microraft.RaftEndpoint;
import io.microraft.model.groupop.UpdateRaftGroupMembersOp;
import io.microraft.model.impl.groupop.DefaultUpdateRaftGroupMembersOpOrBuilder;
import io.microraft.model.impl.log.DefaultRaftGroupMembersViewOrBuilder;
import io.microraft.model.log.LogEntry;
import io.microraft.model.log.RaftGroupMembersView;
import io.microraft.model.message.AppendEntriesRequest;
import io.microraft.model.message.InstallSnapshotRequest;
import io.microraft.model.message.RaftMessage;
import io.microraft.model.message.VoteRequest;
import org.junit.jupiter.api.Test;

import dev.ashlar.raft.Member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CodecTest {
    private static final String NODE = "store-1.00000000000000ff";
    private static final RaftEndpoint SENDER = new Endpoint(new Member(NODE, 7));
    private static final RaftEndpoint OTHER = new Endpoint(new Member("store-2.00000000000000fe", 8));
    private static final Envelope ENVELOPE = new Envelope(5, 7, 8, 123_456_789L, -42L);

    private final Models models = new Models();
    private final Codec codec = new Codec(models);

    @Test
    void everyKindOfMessageSurvives() {
        for (RaftMessage message : messages()) {
            byte[] frame = codec.encode(ENVELOPE, message);
            assertThat(Codec.envelope(frame)).isEqualTo(ENVELOPE);
            RaftMessage decoded = codec.decode(NODE, frame);
            assertThat(decoded.getSender()).isEqualTo(SENDER);
            assertThat(decoded.getTerm()).isEqualTo(message.getTerm());
            assertThat(codec.encode(ENVELOPE, decoded)).isEqualTo(frame);
        }
    }

    @Test
    void entriesKeepTheirOperations() {
        AppendEntriesRequest decoded = (AppendEntriesRequest) codec.decode(
                NODE, codec.encode(ENVELOPE, append(List.of(batch(3, 10, 0), batch(4, 1, 2), members(5)))));
        assertThat(decoded.getLogEntries()).hasSize(3);
        Operation.Batch batch = (Operation.Batch) decoded.getLogEntries().get(1).getOperation();
        assertThat(batch.commands()).containsExactly(new byte[1], new byte[2]);
        UpdateRaftGroupMembersOp update =
                (UpdateRaftGroupMembersOp) decoded.getLogEntries().get(2).getOperation();
        assertThat(update.getMembers()).containsExactly(SENDER, OTHER);
        assertThat(update.getVotingMembers()).containsExactly(SENDER);
        assertThat(update.getMode()).isEqualTo(MembershipChangeMode.ADD_LEARNER);
    }

    /** A follower that gets fewer entries acknowledges fewer; the frame stays small. */
    @Test
    void aLargeAppendIsCutShortButNeverEmpty() {
        int large = Codec.APPEND_BYTES_SOFT_MAX;
        AppendEntriesRequest decoded = (AppendEntriesRequest) codec.decode(
                NODE, codec.encode(ENVELOPE, append(List.of(batch(1, large), batch(2, large), batch(3, 5)))));
        assertThat(decoded.getLogEntries()).extracting(LogEntry::getIndex).containsExactly(1L);
    }

    @Test
    void everyTruncationAndExtensionIsRefused() {
        for (RaftMessage message : messages()) {
            byte[] frame = codec.encode(ENVELOPE, message);
            for (int length = 0; length < frame.length; length++) {
                byte[] cut = java.util.Arrays.copyOf(frame, length);
                assertThatThrownBy(() -> codec.decode(NODE, cut)).isInstanceOf(WireException.class);
            }
            byte[] longer = java.util.Arrays.copyOf(frame, frame.length + 1);
            assertThatThrownBy(() -> codec.decode(NODE, longer)).isInstanceOf(WireException.class);
        }
    }

    @Test
    void garbageIsAWireExceptionOrAMessageNeverAnythingElse() {
        Random random = new Random(20261123);
        List<RaftMessage> messages = messages();
        for (int i = 0; i < 20_000; i++) {
            byte[] frame = codec.encode(ENVELOPE, messages.get(random.nextInt(messages.size())))
                    .clone();
            int flips = 1 + random.nextInt(4);
            for (int flip = 0; flip < flips; flip++) {
                frame[random.nextInt(frame.length)] ^= (byte) (1 << random.nextInt(8));
            }
            RaftMessage message;
            try {
                message = codec.decode(NODE, frame);
            } catch (WireException refused) {
                continue;
            }
            // What is taken can be taken apart when it is applied: it is in the log by then.
            if (message instanceof AppendEntriesRequest request) {
                for (LogEntry entry : request.getLogEntries()) {
                    if (entry.getOperation() instanceof Operation.Batch batch) {
                        assertThat(batch.commands()).doesNotContainNull();
                    }
                }
            }
        }
    }

    private List<RaftMessage> messages() {
        VoteRequest vote = models.createVoteRequestBuilder()
                .setGroupId(5)
                .setSender(SENDER)
                .setTerm(4)
                .setLastLogTerm(3)
                .setLastLogIndex(99)
                .setSticky(true)
                .build();
        return List.of(
                append(List.of()),
                append(List.of(batch(3, 10, 0), batch(4, 1, 2), members(5))),
                vote,
                models.createVoteResponseBuilder()
                        .setGroupId(5)
                        .setSender(SENDER)
                        .setTerm(4)
                        .setGranted(true)
                        .build(),
                models.createPreVoteRequestBuilder()
                        .setGroupId(5)
                        .setSender(SENDER)
                        .setTerm(4)
                        .setLastLogTerm(3)
                        .setLastLogIndex(99)
                        .build(),
                models.createPreVoteResponseBuilder()
                        .setGroupId(5)
                        .setSender(SENDER)
                        .setTerm(4)
                        .setGranted(false)
                        .build(),
                models.createTriggerLeaderElectionRequestBuilder()
                        .setGroupId(5)
                        .setSender(SENDER)
                        .setTerm(4)
                        .setLastLogTerm(3)
                        .setLastLogIndex(99)
                        .build(),
                models.createAppendEntriesSuccessResponseBuilder()
                        .setGroupId(5)
                        .setSender(SENDER)
                        .setTerm(4)
                        .setLastLogIndex(1)
                        .setQuerySequenceNumber(2)
                        .setFlowControlSequenceNumber(3)
                        .build(),
                models.createAppendEntriesFailureResponseBuilder()
                        .setGroupId(5)
                        .setSender(SENDER)
                        .setTerm(4)
                        .setExpectedNextIndex(1)
                        .setQuerySequenceNumber(2)
                        .setFlowControlSequenceNumber(3)
                        .build(),
                snapshot(false),
                snapshot(true),
                models.createInstallSnapshotResponseBuilder()
                        .setGroupId(5)
                        .setSender(SENDER)
                        .setTerm(4)
                        .setSnapshotIndex(77)
                        .setRequestedSnapshotChunkIndex(0)
                        .setQuerySequenceNumber(2)
                        .setFlowControlSequenceNumber(3)
                        .build());
    }

    private InstallSnapshotRequest snapshot(boolean withChunk) {
        RaftGroupMembersView view = new DefaultRaftGroupMembersViewOrBuilder()
                .setLogIndex(12)
                .setMembers(List.of(SENDER, OTHER))
                .setVotingMembers(List.of(OTHER))
                .build();
        return models.createInstallSnapshotRequestBuilder()
                .setGroupId(5)
                .setSender(SENDER)
                .setTerm(4)
                .setSenderLeader(true)
                .setSnapshotTerm(3)
                .setSnapshotIndex(77)
                .setTotalSnapshotChunkCount(1)
                .setSnapshotChunk(withChunk ? Codec.chunk(77, 3, view) : null)
                .setSnapshottedMembers(List.of(SENDER))
                .setGroupMembersView(view)
                .setQuerySequenceNumber(1)
                .setFlowControlSequenceNumber(2)
                .build();
    }

    private AppendEntriesRequest append(List<LogEntry> entries) {
        return models.createAppendEntriesRequestBuilder()
                .setGroupId(5)
                .setSender(SENDER)
                .setTerm(4)
                .setPreviousLogIndex(2)
                .setPreviousLogTerm(3)
                .setCommitIndex(1)
                .setQuerySequenceNumber(6)
                .setFlowControlSequenceNumber(7)
                .setLogEntries(entries)
                .build();
    }

    private LogEntry batch(long index, int... lengths) {
        List<byte[]> commands = new ArrayList<>();
        for (int length : lengths) {
            commands.add(new byte[length]);
        }
        return models.createLogEntryBuilder()
                .setIndex(index)
                .setTerm(4)
                .setOperation(new Operation.Batch(commands, List.of()))
                .build();
    }

    private LogEntry members(long index) {
        Collection<RaftEndpoint> members = List.of(SENDER, OTHER);
        DefaultUpdateRaftGroupMembersOpOrBuilder update = new DefaultUpdateRaftGroupMembersOpOrBuilder();
        update.setMode(MembershipChangeMode.ADD_LEARNER);
        update.setEndpoint(OTHER);
        update.setMembers(members);
        update.setVotingMembers(List.of(SENDER));
        return models.createLogEntryBuilder()
                .setIndex(index)
                .setTerm(4)
                .setOperation(update.build())
                .build();
    }
}
