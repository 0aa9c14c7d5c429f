package dev.ashlar.store.feed;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

import dev.ashlar.store.kv.HistoryRows;

/** The newest rows of a shard, without a gap, up to a size. The feed's thread only. */
final class RecentRows {
    private final long bytesMax;
    private final Deque<HistoryRows.Row> rows = new ArrayDeque<>();
    private long bytes;

    RecentRows(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    void clear() {
        rows.clear();
        bytes = 0;
    }

    /** Rows that follow those that are there; the first may be the last one that is there. */
    void add(List<HistoryRows.Row> news) {
        for (HistoryRows.Row row : news) {
            if (rows.isEmpty() || rows.getLast().first() < row.first()) {
                rows.addLast(row);
                bytes += row.bytes().length;
            }
        }
        while (bytes > bytesMax) {
            bytes -= rows.removeFirst().bytes().length;
        }
    }

    /** Those from the one that holds the event of a revision; none when that is not there any more. */
    List<HistoryRows.Row> from(long revision) {
        List<HistoryRows.Row> found = new ArrayList<>();
        for (Iterator<HistoryRows.Row> newest = rows.descendingIterator(); newest.hasNext(); ) {
            HistoryRows.Row row = newest.next();
            found.addFirst(row);
            if (row.first() <= revision) {
                return found;
            }
        }
        return List.of();
    }
}
