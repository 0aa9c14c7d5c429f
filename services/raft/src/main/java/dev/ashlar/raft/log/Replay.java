package dev.ashlar.raft.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns the records of a log, in order, into the state of its groups. The oldest segment's states may speak of entries that older
 * segments held: these must turn up as moved, or be released, by the end.
 */
final class Replay {
    private final Map<Integer, Group> groups = new LinkedHashMap<>();

    private static final class Group {
        GroupMeta meta;
        long released;
        /** Entry {@code released + 1 + i}; null when it has not been seen. */
        final List<StoredEntry> entries = new ArrayList<>();

        Group(GroupMeta meta, long released) {
            this.meta = meta;
            this.released = released;
        }

        long last() {
            return released + entries.size();
        }

        void keep(long below, long above) {
            if (above <= last()) {
                entries.subList((int) Math.max(0, above - released - 1), entries.size())
                        .clear();
            }
            if (below > released) {
                entries.subList(0, (int) Math.min(entries.size(), below - released))
                        .clear();
                released = below;
            }
        }
    }

    void apply(Segment segment, ByteBuffer buffer, int at) throws IOException {
        RecordKind kind = RecordFormat.kind(buffer, at);
        int id = RecordFormat.group(buffer, at);
        long index = RecordFormat.index(buffer, at);
        int term = RecordFormat.term(buffer, at);
        Group group = groups.get(id);
        if (group == null && kind != RecordKind.STATE && kind != RecordKind.BEGIN && kind != RecordKind.END) {
            throw LogCorruptException.of(segment.file, at, id, "a record of a group that the log does not know");
        }
        switch (kind) {
            case BEGIN, END -> {}
            case STATE -> state(segment, at, id, index, GroupCodec.decodeState(RecordFormat.payload(buffer, at)));
            case TERM ->
                group.meta =
                        group.meta.withTerm(term, new String(RecordFormat.payload(buffer, at), StandardCharsets.UTF_8));
            case MARK, MARK_AGAIN ->
                group.meta = group.meta.withMark(
                        GroupCodec.decodeMark(RecordFormat.payload(buffer, at)), kind == RecordKind.MARK_AGAIN);
            case ENTRY -> {
                if (index != group.last() + 1) {
                    throw LogCorruptException.of(
                            segment.file, at, id, "entry " + index + " follows entry " + group.last());
                }
                group.entries.add(entry(segment, buffer, at));
            }
            case MOVED -> {
                if (index <= group.released || index > group.last()) {
                    throw LogCorruptException.of(
                            segment.file, at, id, "entry " + index + " was moved but is not there");
                }
                group.entries.set((int) (index - group.released - 1), entry(segment, buffer, at));
            }
            case TRUNCATE -> group.keep(0, index);
            case RELEASE -> group.keep(index, Long.MAX_VALUE);
            case REMOVE -> groups.remove(id);
        }
    }

    private void state(Segment segment, int at, int id, long last, GroupCodec.State state) throws IOException {
        Group group = groups.get(id);
        if (group == null) {
            group = new Group(state.meta(), state.released());
            group.entries.addAll(Collections.nCopies((int) (last - state.released()), null));
            groups.put(id, group);
        } else if (group.released != state.released() || group.last() != last) {
            throw LogCorruptException.of(
                    segment.file,
                    at,
                    id,
                    "it had entries %d to %d here, and the records before say %d to %d"
                            .formatted(state.released() + 1, last, group.released + 1, group.last()));
        }
        group.meta = state.meta();
    }

    private static StoredEntry entry(Segment segment, ByteBuffer buffer, int at) {
        return new StoredEntry(
                RecordFormat.index(buffer, at),
                RecordFormat.term(buffer, at),
                RecordFormat.type(buffer, at),
                new LogPosition(segment.number, at, RecordFormat.length(buffer, at)));
    }

    /** The groups, as the engine wants them. {@code oldest} is named when entries are missing. */
    Map<Integer, StoredGroup> stored(Segment oldest) throws IOException {
        Map<Integer, StoredGroup> stored = new LinkedHashMap<>();
        for (Map.Entry<Integer, Group> each : groups.entrySet()) {
            Group group = each.getValue();
            int missing = group.entries.indexOf(null);
            if (missing >= 0) {
                throw LogCorruptException.of(
                        oldest.file,
                        0,
                        each.getKey(),
                        "entry " + (group.released + 1 + missing) + " is missing, a segment before this one is gone");
            }
            GroupMeta meta = group.meta;
            stored.put(
                    each.getKey(),
                    new StoredGroup(
                            meta.local(),
                            meta.voting(),
                            meta.initialVoters(),
                            meta.initialLearners(),
                            meta.term(),
                            meta.votedFor(),
                            meta.marks(),
                            group.released + 1,
                            List.copyOf(group.entries)));
        }
        return stored;
    }

    /** The groups, as the open log keeps them. */
    Map<Integer, GroupLog> live() {
        Map<Integer, GroupLog> live = new LinkedHashMap<>();
        groups.forEach((id, group) -> {
            GroupLog log = new GroupLog(group.meta, group.released);
            group.entries.forEach(entry ->
                    log.append(entry.position().segment(), entry.position().offset()));
            live.put(id, log);
        });
        return live;
    }
}
