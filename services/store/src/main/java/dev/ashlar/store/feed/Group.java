package dev.ashlar.store.feed;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;

/** Watches with one filter that are level with the feed: each event is encoded once for all of them. The feed's thread. */
final class Group {
    private final Filter filter;
    private final Map<Context, List<Subscription>> members = new HashMap<>();
    private StringBuilder batch = new StringBuilder();
    private int size;

    Group(Filter filter) {
        this.filter = filter;
    }

    Filter filter() {
        return filter;
    }

    StringBuilder batch() {
        return batch;
    }

    int size() {
        return size;
    }

    void add(Subscription member) {
        members.computeIfAbsent(member.context, any -> new ArrayList<>()).add(member);
        size++;
    }

    /**
     * Hands out the batch. Members with too much unsent, and all for whom there is no room, are taken out and given
     * back; closed ones are taken out.
     */
    List<Subscription> deliver(long unsentBytesMax, UnsentBytes together) {
        if (batch.isEmpty()) {
            return List.of();
        }
        Buffer bytes = Buffer.buffer(batch.toString());
        batch = new StringBuilder();
        List<Subscription> behind = new ArrayList<>();
        members.forEach((context, list) -> {
            List<Subscription> takers = new ArrayList<>(list.size());
            for (Iterator<Subscription> each = list.iterator(); each.hasNext(); ) {
                Subscription member = each.next();
                if (member.closed()) {
                    each.remove();
                    size--;
                } else if ((member.unsentBytes() > 0 && member.unsentBytes() + bytes.length() > unsentBytesMax)
                        || !together.fits(member, bytes.length())) {
                    each.remove();
                    size--;
                    behind.add(member);
                } else {
                    member.count(bytes.length());
                    takers.add(member);
                }
            }
            // A task for each, so that the loop looks after its other connections in between.
            takers.forEach(member -> context.runOnContext(now -> member.write(bytes)));
        });
        return behind;
    }

    /** Takes closed members out. */
    void sweep() {
        members.values().forEach(list -> list.removeIf(Subscription::closed));
        members.values().removeIf(List::isEmpty);
        size = members.values().stream().mapToInt(List::size).sum();
    }

    List<Subscription> all() {
        return members.values().stream().flatMap(List::stream).toList();
    }
}
