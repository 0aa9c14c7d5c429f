package dev.ashlar.raft.wire;

import java.util.ArrayList;
import java.util.List;

import io.microraft.RaftEndpoint;
import io.microraft.model.RaftModelFactory;
import io.microraft.model.impl.log.DefaultRaftGroupMembersViewOrBuilder;
import io.microraft.model.impl.log.DefaultSnapshotChunkOrBuilder;
import io.microraft.model.log.LogEntry;
import io.microraft.model.log.RaftGroupMembersView;
import io.microraft.model.log.SnapshotChunk;
import io.microraft.model.message.AppendEntriesFailureResponse;
import io.microraft.model.message.AppendEntriesRequest;
import io.microraft.model.message.AppendEntriesSuccessResponse;
import io.microraft.model.message.InstallSnapshotRequest;
import io.microraft.model.message.InstallSnapshotResponse;
import io.microraft.model.message.PreVoteRequest;
import io.microraft.model.message.PreVoteResponse;
import io.microraft.model.message.RaftMessage;
import io.microraft.model.message.TriggerLeaderElectionRequest;
import io.microraft.model.message.VoteRequest;
import io.microraft.model.message.VoteResponse;

import dev.ashlar.raft.Member;

/** Raft messages as frames. See the package description for the format. */
public final class Codec {
    /**
     * Bytes of entries after which an append request is cut short. The follower acknowledges what it got and the leader
     * goes on from there, so a frame stays far below {@code Limits.PEER_FRAME_BYTES_MAX}.
     */
    static final int APPEND_BYTES_SOFT_MAX = 4 << 20;

    private static final int FORMAT = 1;
    private static final int ENTRY_HEADER_BYTES = 17;
    /** Of an append: all that stands before its entries. */
    private static final int APPEND_HEADER_BYTES = 82;

    private static final int APPEND = 1;
    private static final int APPEND_SUCCESS = 2;
    private static final int APPEND_FAILURE = 3;
    private static final int VOTE = 4;
    private static final int VOTE_ANSWER = 5;
    private static final int PRE_VOTE = 6;
    private static final int PRE_VOTE_ANSWER = 7;
    private static final int TRIGGER_ELECTION = 8;
    private static final int SNAPSHOT = 9;
    private static final int SNAPSHOT_ANSWER = 10;

    private final RaftModelFactory models;

    public Codec(RaftModelFactory models) {
        this.models = models;
    }

    /** The frame of a message. */
    public byte[] encode(Envelope envelope, RaftMessage message) {
        ByteWriter out = new ByteWriter(expectedBytes(message))
                .put(FORMAT)
                .putInt(envelope.group())
                .putLong(envelope.fromReplica())
                .putLong(envelope.toReplica())
                .putLong(envelope.sentNanos())
                .putLong(envelope.echoNanos());
        switch (message) {
            case AppendEntriesRequest m -> encodeAppend(out.put(APPEND).putInt(m.getTerm()), m);
            case AppendEntriesSuccessResponse m ->
                out.put(APPEND_SUCCESS)
                        .putInt(m.getTerm())
                        .putLong(m.getLastLogIndex())
                        .putLong(m.getQuerySequenceNumber())
                        .putLong(m.getFlowControlSequenceNumber());
            case AppendEntriesFailureResponse m ->
                out.put(APPEND_FAILURE)
                        .putInt(m.getTerm())
                        .putLong(m.getExpectedNextIndex())
                        .putLong(m.getQuerySequenceNumber())
                        .putLong(m.getFlowControlSequenceNumber());
            case VoteRequest m ->
                out.put(VOTE)
                        .putInt(m.getTerm())
                        .putInt(m.getLastLogTerm())
                        .putLong(m.getLastLogIndex())
                        .put(m.isSticky() ? 1 : 0);
            case VoteResponse m -> out.put(VOTE_ANSWER).putInt(m.getTerm()).put(m.isGranted() ? 1 : 0);
            case PreVoteRequest m ->
                out.put(PRE_VOTE).putInt(m.getTerm()).putInt(m.getLastLogTerm()).putLong(m.getLastLogIndex());
            case PreVoteResponse m ->
                out.put(PRE_VOTE_ANSWER).putInt(m.getTerm()).put(m.isGranted() ? 1 : 0);
            case TriggerLeaderElectionRequest m ->
                out.put(TRIGGER_ELECTION)
                        .putInt(m.getTerm())
                        .putInt(m.getLastLogTerm())
                        .putLong(m.getLastLogIndex());
            case InstallSnapshotRequest m -> encodeSnapshot(out.put(SNAPSHOT).putInt(m.getTerm()), m);
            case InstallSnapshotResponse m ->
                out.put(SNAPSHOT_ANSWER)
                        .putInt(m.getTerm())
                        .putLong(m.getSnapshotIndex())
                        .putInt(m.getRequestedSnapshotChunkIndex())
                        .putLong(m.getQuerySequenceNumber())
                        .putLong(m.getFlowControlSequenceNumber());
            default -> throw new IllegalArgumentException("unknown message " + message.getClass());
        }
        return out.toBytes();
    }

    /** Whether an append that has these bytes of entries already goes without this one and those behind it. */
    private static boolean isCutBefore(Entry entry, int entryBytes) {
        return entryBytes > 0 && entryBytes + entry.payloadBytes() > APPEND_BYTES_SOFT_MAX;
    }

    /** What {@link #encode} writes for an append, so that its array neither grows nor is copied. Others are small. */
    private static int expectedBytes(RaftMessage message) {
        int bytes = APPEND_HEADER_BYTES;
        if (message instanceof AppendEntriesRequest append) {
            for (LogEntry each : append.getLogEntries()) {
                Entry entry = (Entry) each;
                if (isCutBefore(entry, bytes - APPEND_HEADER_BYTES)) {
                    break;
                }
                bytes += ENTRY_HEADER_BYTES + entry.payloadBytes();
            }
        }
        return bytes;
    }

    /** Reads the envelope alone, to find the group a frame is for. */
    public static Envelope envelope(byte[] frame) {
        return envelope(new ByteReader(frame));
    }

    private static Envelope envelope(ByteReader in) {
        int format = in.get();
        if (format != FORMAT) {
            throw new WireException("unknown format " + format);
        }
        return new Envelope(in.getInt(), in.getLong(), in.getLong(), in.getLong(), in.getLong());
    }

    /** Reads a message; {@code fromNode} is who the transport says has sent it. */
    public RaftMessage decode(String fromNode, byte[] frame) {
        ByteReader in = new ByteReader(frame);
        Envelope envelope = envelope(in);
        if (envelope.fromReplica() < 1) {
            throw new WireException("replica " + envelope.fromReplica());
        }
        Endpoint sender = new Endpoint(new Member(fromNode, envelope.fromReplica()));
        RaftMessage message = decode(in, envelope.group(), sender);
        in.end();
        return message;
    }

    private RaftMessage decode(ByteReader in, Integer group, RaftEndpoint sender) {
        int kind = in.get();
        int term = in.getInt();
        if (term < 0) {
            throw new WireException("negative term");
        }
        return switch (kind) {
            case APPEND -> decodeAppend(in, group, sender, term);
            case APPEND_SUCCESS ->
                models.createAppendEntriesSuccessResponseBuilder()
                        .setGroupId(group)
                        .setSender(sender)
                        .setTerm(term)
                        .setLastLogIndex(in.getNonNegative())
                        .setQuerySequenceNumber(in.getNonNegative())
                        .setFlowControlSequenceNumber(in.getNonNegative())
                        .build();
            case APPEND_FAILURE ->
                models.createAppendEntriesFailureResponseBuilder()
                        .setGroupId(group)
                        .setSender(sender)
                        .setTerm(term)
                        .setExpectedNextIndex(in.getNonNegative())
                        .setQuerySequenceNumber(in.getNonNegative())
                        .setFlowControlSequenceNumber(in.getNonNegative())
                        .build();
            case VOTE ->
                models.createVoteRequestBuilder()
                        .setGroupId(group)
                        .setSender(sender)
                        .setTerm(term)
                        .setLastLogTerm(in.getInt())
                        .setLastLogIndex(in.getNonNegative())
                        .setSticky(in.getBoolean())
                        .build();
            case VOTE_ANSWER ->
                models.createVoteResponseBuilder()
                        .setGroupId(group)
                        .setSender(sender)
                        .setTerm(term)
                        .setGranted(in.getBoolean())
                        .build();
            case PRE_VOTE ->
                models.createPreVoteRequestBuilder()
                        .setGroupId(group)
                        .setSender(sender)
                        .setTerm(term)
                        .setLastLogTerm(in.getInt())
                        .setLastLogIndex(in.getNonNegative())
                        .build();
            case PRE_VOTE_ANSWER ->
                models.createPreVoteResponseBuilder()
                        .setGroupId(group)
                        .setSender(sender)
                        .setTerm(term)
                        .setGranted(in.getBoolean())
                        .build();
            case TRIGGER_ELECTION ->
                models.createTriggerLeaderElectionRequestBuilder()
                        .setGroupId(group)
                        .setSender(sender)
                        .setTerm(term)
                        .setLastLogTerm(in.getInt())
                        .setLastLogIndex(in.getNonNegative())
                        .build();
            case SNAPSHOT -> decodeSnapshot(in, group, sender, term);
            case SNAPSHOT_ANSWER ->
                models.createInstallSnapshotResponseBuilder()
                        .setGroupId(group)
                        .setSender(sender)
                        .setTerm(term)
                        .setSnapshotIndex(in.getNonNegative())
                        .setRequestedSnapshotChunkIndex(chunkIndex(in.getInt()))
                        .setQuerySequenceNumber(in.getNonNegative())
                        .setFlowControlSequenceNumber(in.getNonNegative())
                        .build();
            default -> throw new WireException("unknown message " + kind);
        };
    }

    private static int chunkIndex(int index) {
        if (index != 0) {
            throw new WireException("a snapshot has one chunk, not " + index);
        }
        return index;
    }

    private static void encodeAppend(ByteWriter out, AppendEntriesRequest m) {
        out.putInt(m.getPreviousLogTerm())
                .putLong(m.getPreviousLogIndex())
                .putLong(m.getCommitIndex())
                .putLong(m.getQuerySequenceNumber())
                .putLong(m.getFlowControlSequenceNumber());
        int countAt = out.length();
        out.putInt(0);
        int entriesAt = out.length();
        int count = 0;
        for (LogEntry each : m.getLogEntries()) {
            Entry entry = (Entry) each;
            if (isCutBefore(entry, out.length() - entriesAt)) {
                break;
            }
            byte[] payload = entry.payload();
            out.putLong(entry.getIndex())
                    .putInt(entry.getTerm())
                    .put(entry.type())
                    .putInt(payload.length)
                    .putBytes(payload);
            count++;
        }
        out.setInt(countAt, count);
    }

    private RaftMessage decodeAppend(ByteReader in, Integer group, RaftEndpoint sender, int term) {
        var builder = models.createAppendEntriesRequestBuilder()
                .setGroupId(group)
                .setSender(sender)
                .setTerm(term)
                .setPreviousLogTerm(in.getInt())
                .setPreviousLogIndex(in.getNonNegative())
                .setCommitIndex(in.getNonNegative())
                .setQuerySequenceNumber(in.getNonNegative())
                .setFlowControlSequenceNumber(in.getNonNegative());
        int count = in.getCount(ENTRY_HEADER_BYTES);
        List<LogEntry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long index = in.getNonNegative();
            int entryTerm = in.getInt();
            byte type = (byte) in.get();
            entries.add(Entry.received(index, entryTerm, type, in.getBytes(in.getCount(1))));
        }
        return builder.setLogEntries(entries).build();
    }

    private static void encodeSnapshot(ByteWriter out, InstallSnapshotRequest m) {
        out.put(m.isSenderLeader() ? 1 : 0)
                .putInt(m.getSnapshotTerm())
                .putLong(m.getSnapshotIndex())
                .putInt(m.getTotalSnapshotChunkCount())
                .put(m.getSnapshotChunk() == null ? 0 : 1)
                .putLong(m.getQuerySequenceNumber())
                .putLong(m.getFlowControlSequenceNumber());
        Operations.writeAll(out, m.getSnapshottedMembers());
        RaftGroupMembersView view = m.getGroupMembersView();
        out.putLong(view.getLogIndex());
        Operations.writeAll(out, view.getMembers());
        Operations.writeAll(out, view.getVotingMembers());
    }

    private RaftMessage decodeSnapshot(ByteReader in, Integer group, RaftEndpoint sender, int term) {
        boolean leader = in.getBoolean();
        int snapshotTerm = in.getInt();
        long snapshotIndex = in.getNonNegative();
        int chunks = in.getInt();
        if (chunks != 1) {
            throw new WireException("a snapshot has one chunk, not " + chunks);
        }
        boolean hasChunk = in.getBoolean();
        long query = in.getNonNegative();
        long flow = in.getNonNegative();
        var from = Operations.readAll(in);
        RaftGroupMembersView view = new DefaultRaftGroupMembersViewOrBuilder()
                .setLogIndex(in.getNonNegative())
                .setMembers(Operations.readAll(in))
                .setVotingMembers(Operations.readAll(in))
                .build();
        return models.createInstallSnapshotRequestBuilder()
                .setGroupId(group)
                .setSender(sender)
                .setTerm(term)
                .setSenderLeader(leader)
                .setSnapshotTerm(snapshotTerm)
                .setSnapshotIndex(snapshotIndex)
                .setTotalSnapshotChunkCount(chunks)
                .setSnapshotChunk(hasChunk ? chunk(snapshotIndex, snapshotTerm, view) : null)
                .setSnapshottedMembers(from)
                .setGroupMembersView(view)
                .setQuerySequenceNumber(query)
                .setFlowControlSequenceNumber(flow)
                .build();
    }

    /** The only chunk of a snapshot. */
    public static SnapshotChunk chunk(long index, int term, RaftGroupMembersView members) {
        return new DefaultSnapshotChunkOrBuilder()
                .setIndex(index)
                .setTerm(term)
                .setOperation(new Operation.SnapshotRef(index))
                .setSnapshotChunkIndex(0)
                .setSnapshotChunkCount(1)
                .setGroupMembersView(members)
                .build();
    }
}
