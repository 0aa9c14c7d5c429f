package dev.ashlar.raft.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import dev.ashlar.raft.Member;

/** What a log should hold, simply. A state is never changed; each step makes a new one. */
record LogModel(TreeMap<Integer, Group> groups) {
    record Group(
            boolean voting, int term, String votedFor, List<SnapshotMark> marks, long released, List<String> entries) {
        long last() {
            return released + entries.size();
        }
    }

    static Member local(int group) {
        return new Member("node." + group, group + 1);
    }

    static LogModel empty() {
        return new LogModel(new TreeMap<>());
    }

    LogModel with(int id, Group group) {
        TreeMap<Integer, Group> next = new TreeMap<>(groups);
        if (group == null) {
            next.remove(id);
        } else {
            next.put(id, group);
        }
        return new LogModel(next);
    }

    static Group withTerm(Group group, int term, String vote) {
        return new Group(group.voting, term, vote, group.marks, group.released, group.entries);
    }

    static Group withMark(Group group, SnapshotMark mark, boolean insteadOfNewest) {
        int before = group.marks.size() - (insteadOfNewest && !group.marks.isEmpty() ? 1 : 0);
        List<SnapshotMark> marks = new ArrayList<>(group.marks.subList(0, before));
        marks.add(mark);
        List<SnapshotMark> kept = marks.subList(Math.max(0, marks.size() - SharedLog.MARKS_KEPT), marks.size());
        return new Group(group.voting, group.term, group.votedFor, List.copyOf(kept), group.released, group.entries);
    }

    static Group withEntry(Group group, int term, byte type, byte[] payload) {
        List<String> entries = new ArrayList<>(group.entries);
        entries.add(entry(group.last() + 1, term, type, payload));
        return new Group(group.voting, group.term, group.votedFor, group.marks, group.released, entries);
    }

    static Group without(Group group, long upTo, long from) {
        long last = Math.min(group.last(), from - 1);
        long released = Math.max(group.released, upTo);
        List<String> entries =
                group.entries.subList((int) Math.min(group.entries.size(), released - group.released), (int)
                        Math.max(Math.min(group.entries.size(), released - group.released), last - group.released));
        return new Group(group.voting, group.term, group.votedFor, group.marks, released, List.copyOf(entries));
    }

    private static String entry(long index, int term, byte type, byte[] payload) {
        return index + "/" + term + "/" + type + "/" + HexFormat.of().formatHex(payload);
    }

    /** What a log holds, read back from it. */
    static LogModel of(SharedLog log, Map<Integer, StoredGroup> stored) throws IOException {
        TreeMap<Integer, Group> groups = new TreeMap<>();
        for (Map.Entry<Integer, StoredGroup> each : stored.entrySet()) {
            StoredGroup group = each.getValue();
            List<String> entries = new ArrayList<>();
            for (StoredEntry entry : group.entries()) {
                entries.add(entry(entry.index(), entry.term(), entry.type(), log.read(entry.position())));
            }
            groups.put(
                    each.getKey(),
                    new Group(
                            group.voting(),
                            group.term(),
                            group.votedFor(),
                            group.marks(),
                            group.firstIndex() - 1,
                            entries));
            if (!group.local().equals(local(each.getKey()))) {
                throw new AssertionError("group " + each.getKey() + " has become " + group.local());
            }
        }
        return new LogModel(groups);
    }

    @Override
    public String toString() {
        return groups.entrySet().stream()
                .map(each -> each.getKey() + ": term " + each.getValue().term + ", " + (each.getValue().released + 1)
                        + "–" + each.getValue().last())
                .collect(Collectors.joining("; ", "{", "}"));
    }
}
