package dev.ashlar.raft.engine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import io.microraft.RaftEndpoint;
import io.microraft.model.log.LogEntry;
import io.microraft.model.log.RaftGroupMembersView;
import io.microraft.model.log.SnapshotChunk;
import io.microraft.model.persistence.RaftEndpointPersistentState;
import io.microraft.model.persistence.RaftTermPersistentState;
import io.microraft.persistence.RaftStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.ashlar.raft.Member;
import dev.ashlar.raft.log.LogPosition;
import dev.ashlar.raft.log.SharedLog;
import dev.ashlar.raft.log.SnapshotMark;
import dev.ashlar.raft.wire.Endpoint;
import dev.ashlar.raft.wire.Entry;

/**
 * What MicroRaft persists for one group, written to the shared log. Nothing here waits for the disk: it notes the epoch of
 * what it wrote, and {@link Outbox} holds back the messages that depend on it.
 *
 * <p>It also decides what the log may forget: entries up to a durable snapshot mark that the state machine has made durable
 * and that MicroRaft no longer holds for slow followers.
 */
final class GroupLog implements RaftStore {
    private static final Logger LOG = LoggerFactory.getLogger(GroupLog.class);
    private static final PlacedMark NO_MARK = new PlacedMark(0, 0, 0);

    private final int group;
    private final Member local;
    private final Engine engine;
    private final SharedLog log;
    private final PayloadCache cache;
    /** The marks that the log keeps, in its order: that of writing, which is not always that of their indexes. */
    private final List<PlacedMark> marks = new ArrayList<>();

    private boolean voting;
    private RaftGroupMembersView initialMembers;
    private boolean groupWritten;
    private long termEpoch;
    private long entryEpoch;
    private long truncatedUntil;
    private long released;
    private long stateDurable;
    private volatile String damage = "";

    GroupLog(int group, Member local, Engine engine, PayloadCache cache) {
        this.group = group;
        this.local = local;
        this.engine = engine;
        this.log = engine.log();
        this.cache = cache;
    }

    /** The replica was found in the log: its group record and these marks are there, entries up to {@code head} are not. */
    void restored(boolean wasVoting, List<SnapshotMark> found, long head) {
        voting = wasVoting;
        groupWritten = true;
        truncatedUntil = head;
        stateDurable = head;
        found.forEach(mark -> marks.add(new PlacedMark(mark.index(), mark.term(), 0)));
        // The log may end before the mark: then the next entry follows the mark.
        releaseUntil(head);
    }

    /** An entry cannot be read back; what the replica holds and promises is not touched by that. */
    void damaged(Exception cause) {
        if (damage.isEmpty()) {
            damage = String.valueOf(cause.getMessage());
            LOG.error("group {}: the log of {} is damaged: {}", group, local, damage, cause);
        }
    }

    /** Why entries cannot be read back; empty when they can, as far as is known. Any thread. */
    String damage() {
        return damage;
    }

    /** The epoch of the newest term, vote or membership kind. */
    long termEpoch() {
        return termEpoch;
    }

    /** The epoch of the newest entry or truncation. */
    long entryEpoch() {
        return entryEpoch;
    }

    @Override
    public void persistAndFlushLocalEndpoint(RaftEndpointPersistentState state) {
        boolean changed = state.isVoting() != voting;
        voting = state.isVoting();
        if (changed && initialMembers != null) {
            writeGroup();
        }
    }

    @Override
    public void persistAndFlushInitialGroupMembers(RaftGroupMembersView initialGroupMembers) {
        initialMembers = initialGroupMembers;
        if (!groupWritten) {
            writeGroup();
        }
    }

    private void writeGroup() {
        Collection<RaftEndpoint> voters = initialMembers.getVotingMembers();
        log.writeGroup(
                group,
                local,
                voting,
                members(voters),
                members(initialMembers.getMembers().stream()
                        .filter(member -> !voters.contains(member))
                        .toList()));
        groupWritten = true;
        termEpoch = engine.epoch();
    }

    @Override
    public void persistAndFlushTerm(RaftTermPersistentState state) {
        RaftEndpoint votedFor = state.getVotedFor();
        log.writeTerm(
                group,
                state.getTerm(),
                votedFor == null ? "" : Endpoint.memberOf(votedFor).toString());
        termEpoch = engine.epoch();
    }

    @Override
    public void persistLogEntries(List<LogEntry> entries) throws IOException {
        for (LogEntry each : entries) {
            Entry entry = (Entry) each;
            LogPosition position = log.append(group, entry.getIndex(), entry.getTerm(), entry.type(), entry.payload());
            entry.stored(position, log::read);
            cache.add(entry);
        }
        entryEpoch = engine.epoch();
    }

    /**
     * A snapshot of our own was taken. While the log would have to forget the mark that a restart needs, further ones are not
     * written: nothing is lost by that, a restart only commits again from further back.
     */
    @Override
    public void persistSnapshotChunk(SnapshotChunk chunk) {
        if (!needsOldestMark()) {
            mark(chunk);
        }
    }

    /**
     * Writes the mark of a snapshot unless it is there; returns the epoch that makes it durable. One that is about to be installed
     * must be written, since the log begins there afterwards. When the log would have to forget the mark that a restart needs
     * until then, it takes the place of the newest one.
     */
    long mark(SnapshotChunk chunk) {
        for (PlacedMark mark : marks) {
            if (mark.index == chunk.getIndex() && mark.term == chunk.getTerm()) {
                return mark.epoch;
            }
        }
        boolean insteadOfNewest = needsOldestMark();
        RaftGroupMembersView view = chunk.getGroupMembersView();
        Collection<RaftEndpoint> voters = view.getVotingMembers();
        log.writeSnapshot(
                group,
                new SnapshotMark(
                        chunk.getIndex(),
                        chunk.getTerm(),
                        view.getLogIndex(),
                        members(voters),
                        members(view.getMembers().stream()
                                .filter(member -> !voters.contains(member))
                                .toList())),
                insteadOfNewest);
        if (insteadOfNewest) {
            marks.removeLast();
        } else if (marks.size() == SharedLog.MARKS_KEPT) {
            marks.removeFirst();
        }
        marks.add(new PlacedMark(chunk.getIndex(), chunk.getTerm(), engine.epoch()));
        return engine.epoch();
    }

    @Override
    public void truncateLogEntriesFrom(long logIndexInclusive) {
        log.truncateFrom(group, logIndexInclusive);
        entryEpoch = engine.epoch();
    }

    @Override
    public void truncateLogEntriesUntil(long logIndexInclusive) {
        truncatedUntil = Math.max(truncatedUntil, logIndexInclusive);
    }

    /** A mark whose snapshot never arrived does no harm: a restart uses a mark only when the state machine has reached it. */
    @Override
    public void deleteSnapshotChunks(long logIndex, int snapshotChunkCount) {}

    /** Nothing: syncs are the engine's, for all groups at once. */
    @Override
    public void flush() {}

    /** Whether the next mark would push out the one that a restart begins at, or may soon. */
    private boolean needsOldestMark() {
        if (marks.size() < SharedLog.MARKS_KEPT) {
            return false;
        }
        PlacedMark restart = restartMark();
        return restart.equals(NO_MARK) || restart.equals(marks.getFirst());
    }

    /** The mark that a restart would begin at if the process died now: durable, and durably reached by the state. */
    private PlacedMark restartMark() {
        PlacedMark best = NO_MARK;
        for (PlacedMark mark : marks) {
            if (mark.index >= best.index
                    && mark.index <= stateDurable
                    && mark.epoch <= engine.outbox().durableEpoch()) {
                best = mark;
            }
        }
        return best;
    }

    /**
     * The state holds a snapshot, durably, whose mark is durable too: entries up to it are needed no more, and the next one may
     * follow it directly.
     */
    void installed(long index) {
        stateDurable = Math.max(stateDurable, index);
        truncatedUntil = Math.max(truncatedUntil, index);
        releaseUntil(index);
    }

    private void releaseUntil(long index) {
        if (index > released) {
            released = index;
            log.release(group, index);
        }
    }

    /** Lets the log forget what nobody needs. */
    void release(long stateDurableIndex) {
        stateDurable = Math.max(stateDurable, stateDurableIndex);
        releaseUntil(Math.min(restartMark().index, truncatedUntil));
    }

    private static List<Member> members(Collection<RaftEndpoint> endpoints) {
        List<Member> members = new ArrayList<>(endpoints.size());
        endpoints.forEach(endpoint -> members.add(Endpoint.memberOf(endpoint)));
        return members;
    }

    private record PlacedMark(long index, int term, long epoch) {}
}
