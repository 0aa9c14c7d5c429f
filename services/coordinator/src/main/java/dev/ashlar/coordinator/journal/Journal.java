package dev.ashlar.coordinator.journal;

import java.util.ArrayList;
import java.util.List;

import dev.ashlar.common.Limits;
import dev.ashlar.common.cluster.Event;

/** The newest {@link Limits#EVENTS_MAX} events, oldest first. Ids grow by one. Any thread. */
public final class Journal {
    private final int max;
    private List<Event> events = new ArrayList<>();

    public Journal() {
        this(Limits.EVENTS_MAX);
    }

    Journal(int max) {
        this.max = max;
    }

    /** Adds events that come after all that are here. */
    public synchronized void append(List<Event> more) {
        events.addAll(more);
        // Cut seldom, so that an append costs nothing that grows with the journal.
        if (events.size() > max + max / 10) {
            events = new ArrayList<>(events.subList(events.size() - max, events.size()));
        }
    }

    /** Replaces everything. */
    public synchronized void reset(List<Event> all) {
        events = new ArrayList<>(all);
    }

    /** The first {@code limit} events with an id above {@code after}. */
    public synchronized List<Event> after(long after, int limit) {
        int from = Math.max(0, events.size() - max);
        if (from < events.size()) {
            // Ids have no gaps, so the place of an id is known.
            from = Math.clamp(after - events.get(0).id() + 1, from, events.size());
        }
        return List.copyOf(events.subList(from, Math.min(events.size(), from + limit)));
    }

    /** The id of the newest event, 0 when there is none. */
    public synchronized long newestId() {
        return events.isEmpty() ? 0 : events.getLast().id();
    }
}
