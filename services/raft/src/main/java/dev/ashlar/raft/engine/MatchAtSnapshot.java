package dev.ashlar.raft.engine;

import java.util.List;

import io.microraft.RaftNodeStatus;
import io.microraft.RaftRole;
import io.microraft.impl.RaftNodeImpl;
import io.microraft.impl.handler.AppendEntriesRequestHandler;
import io.microraft.impl.log.RaftLog;
import io.microraft.model.log.LogEntry;
import io.microraft.model.message.AppendEntriesRequest;

import dev.ashlar.raft.wire.Entry;

/**
 * Handles append requests, with a way round a fault of MicroRaft 0.7 (mended in 0.8).
 *
 * <p>The fault: {@code AppendEntriesRequestHandler.verifyLastLogEntry} looks the previous entry up in the log only. When
 * the previous entry is the snapshot's and entries follow it (a former leader that restarted with entries nobody
 * acknowledged), the log does not hold it, the request is refused, and so is every earlier one: the replica stays behind
 * until the next snapshot, and with one more voter down the shard cannot commit.
 *
 * <p>The way round: when the request's previous entry is exactly our snapshot's, we compare what follows ourselves. A
 * request without entries is a probe; it is confirmed up to the snapshot and nothing of ours is touched.
 *
 * <ol>
 *   <li>Entries that we have with the same term are matched; the first that differs, and all of ours behind it, is cut off
 *       (Raft §5.3: a leader of this term says so).
 *   <li>The rest is handed on as a request whose previous entry is the last one matched, which the original understands.
 * </ol>
 *
 * <p>A request of an older term is left to the original, which refuses it.
 */
final class MatchAtSnapshot extends AppendEntriesRequestHandler {
    private final RaftNodeImpl raft;

    MatchAtSnapshot(RaftNodeImpl raft, AppendEntriesRequest request) {
        super(raft, request);
        this.raft = raft;
    }

    @Override
    protected void handle(AppendEntriesRequest request) {
        if (!isFaulty(request)) {
            super.handle(request);
        } else if (request.getLogEntries().isEmpty()) {
            confirm(request);
        } else {
            super.handle(matched(request));
        }
    }

    /** A probe that matches at our snapshot. Entries behind it stay: they may be acknowledged. */
    private void confirm(AppendEntriesRequest request) {
        if (request.getTerm() > raft.state().term()
                || (raft.state().role() != RaftRole.FOLLOWER && raft.state().role() != RaftRole.LEARNER)) {
            raft.toFollower(request.getTerm());
        }
        if (!request.getSender().equals(raft.state().leader())) {
            raft.leader(request.getSender());
        }
        raft.leaderHeartbeatReceived();
        raft.send(
                request.getSender(),
                raft.getModelFactory()
                        .createAppendEntriesSuccessResponseBuilder()
                        .setGroupId(raft.getGroupId())
                        .setSender(raft.getLocalEndpoint())
                        .setTerm(raft.state().term())
                        .setLastLogIndex(request.getPreviousLogIndex())
                        .setQuerySequenceNumber(request.getQuerySequenceNumber())
                        .setFlowControlSequenceNumber(request.getFlowControlSequenceNumber())
                        .build());
    }

    private boolean isFaulty(AppendEntriesRequest request) {
        RaftLog log = raft.state().log();
        long previous = request.getPreviousLogIndex();
        return request.getTerm() >= raft.state().term()
                && previous > 0
                && previous == log.snapshotIndex()
                && request.getPreviousLogTerm() == log.snapshotEntry().getTerm()
                && previous < log.lastLogOrSnapshotIndex()
                && !log.containsLogEntry(previous);
    }

    private AppendEntriesRequest matched(AppendEntriesRequest request) {
        RaftLog log = raft.state().log();
        List<LogEntry> entries = request.getLogEntries();
        int same = 0;
        while (same < entries.size() && isSame(log, entries.get(same))) {
            same++;
        }
        if (same < entries.size() && log.containsLogEntry(entries.get(same).getIndex())) {
            cutFrom(log, entries.get(same).getIndex());
        }
        if (same == 0) {
            return request;
        }
        LogEntry lastSame = entries.get(same - 1);
        return raft.getModelFactory()
                .createAppendEntriesRequestBuilder()
                .setGroupId(request.getGroupId())
                .setSender(request.getSender())
                .setTerm(request.getTerm())
                .setPreviousLogIndex(lastSame.getIndex())
                .setPreviousLogTerm(lastSame.getTerm())
                .setCommitIndex(request.getCommitIndex())
                .setQuerySequenceNumber(request.getQuerySequenceNumber())
                .setFlowControlSequenceNumber(request.getFlowControlSequenceNumber())
                .setLogEntries(entries.subList(same, entries.size()))
                .build();
    }

    private static boolean isSame(RaftLog log, LogEntry entry) {
        LogEntry ours = log.containsLogEntry(entry.getIndex()) ? log.getLogEntry(entry.getIndex()) : null;
        return ours != null && ours.getTerm() == entry.getTerm();
    }

    private void cutFrom(RaftLog log, long index) {
        List<LogEntry> cut = log.truncateEntriesFrom(index);
        raft.state().invalidateFuturesFrom(index, raft.newNotLeaderException());
        boolean members = cut.stream().anyMatch(entry -> ((Entry) entry).changesMembers());
        if (members && raft.getStatus() == RaftNodeStatus.UPDATING_RAFT_GROUP_MEMBER_LIST) {
            raft.setStatus(RaftNodeStatus.ACTIVE);
            raft.revertGroupMembers();
        }
    }
}
