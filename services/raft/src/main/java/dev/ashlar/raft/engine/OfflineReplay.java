package dev.ashlar.raft.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.ashlar.raft.LogEntry;
import dev.ashlar.raft.Member;
import dev.ashlar.raft.StateMachine;
import dev.ashlar.raft.log.LogOptions;
import dev.ashlar.raft.log.SharedLog;
import dev.ashlar.raft.log.SnapshotMark;
import dev.ashlar.raft.log.StoredEntry;
import dev.ashlar.raft.log.StoredGroup;
import dev.ashlar.raft.wire.Entry;
import dev.ashlar.raft.wire.Operation;

/**
 * What a process that will not run again has left of its groups: brings their states to the end of the log, without peers.
 *
 * <p>Every entry that the log holds is applied, whether it was known to be committed or not: which of the last ones were, only a
 * majority could say. So nothing is missing that this disk was told of, and a write that nobody acknowledged may be there.
 *
 * <p>Opening a log repairs its torn end, so this is for a copy. One thread.
 */
public final class OfflineReplay implements AutoCloseable {
    private static final long SEGMENT_BYTES = 4 << 20;

    private final SharedLog log;
    private final Map<Integer, StoredGroup> groups;

    /** How far a replica's log goes. Of two replicas of a group the one with the higher term, then index, has all that was committed. */
    public record Tail(int term, long index) implements Comparable<Tail> {
        @Override
        public int compareTo(Tail other) {
            return term != other.term ? Integer.compare(term, other.term) : Long.compare(index, other.index);
        }
    }

    private OfflineReplay(SharedLog log) {
        this.log = log;
        this.groups = new TreeMap<>(log.groups());
    }

    /** Opens the log below a directory, which is {@code wal/} of a copy of a data directory. */
    public static OfflineReplay open(Path wal) throws IOException {
        return new OfflineReplay(SharedLog.open(wal, new LogOptions(SEGMENT_BYTES, Long.MAX_VALUE, 0)));
    }

    /** The replicas that the log holds, by group. */
    public Map<Integer, Member> replicas() {
        Map<Integer, Member> replicas = new TreeMap<>();
        groups.forEach((group, found) -> replicas.put(group, found.local()));
        return replicas;
    }

    /** The end of a group's log. */
    public Tail tail(int group) {
        StoredGroup found = groups.get(group);
        List<StoredEntry> entries = found.entries();
        Tail tail = new Tail(0, found.firstIndex() - 1);
        for (SnapshotMark mark : found.marks()) {
            Tail marked = new Tail(mark.term(), mark.index());
            tail = marked.compareTo(tail) > 0 ? marked : tail;
        }
        if (!entries.isEmpty()) {
            Tail last = new Tail(entries.getLast().term(), entries.getLast().index());
            tail = last.compareTo(tail) > 0 ? last : tail;
        }
        return tail;
    }

    /**
     * Applies what the state lacks.
     *
     * @return the number of entries that were applied
     * @throws IOException when entries between the state and the log are missing, or either is damaged
     */
    public long replay(int group, StateMachine state) throws IOException {
        long applied = 0;
        for (StoredEntry each : groups.get(group).entries()) {
            if (each.index() <= state.appliedIndex()) {
                continue;
            }
            if (each.index() != state.appliedIndex() + 1) {
                throw new IOException("shard " + group + ": the state stands at index " + state.appliedIndex()
                        + " but the log goes on at " + each.index());
            }
            Object operation = new Entry(
                            each.index(),
                            each.term(),
                            each.type(),
                            each.position(),
                            each.position().length(),
                            log::read)
                    .getOperation();
            if (operation instanceof Operation.Batch batch) {
                state.apply(new LogEntry(each.index(), batch.commands(), List.of()));
            } else {
                state.advance(each.index());
            }
            applied++;
        }
        state.endOfTurn();
        return applied;
    }

    @Override
    public void close() throws IOException {
        log.close();
    }
}
