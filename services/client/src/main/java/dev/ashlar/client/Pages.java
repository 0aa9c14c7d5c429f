package dev.ashlar.client;

import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;

/** Entries of a scan, page after page: the next one is asked for when the last one is used up, so memory is bounded by one. */
final class Pages extends Spliterators.AbstractSpliterator<Entry> {
    private final Function<String, JsonNode> page;
    private final Deque<Entry> entries = new ArrayDeque<>();
    private String cursor = "";
    private boolean last;

    /** @param page the page at a cursor, the first one at the empty cursor */
    Pages(Function<String, JsonNode> page) {
        super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.DISTINCT | Spliterator.NONNULL);
        this.page = page;
    }

    @Override
    public boolean tryAdvance(Consumer<? super Entry> action) {
        while (entries.isEmpty() && !last) {
            JsonNode next = page.apply(cursor);
            for (JsonNode item : next.path("items")) {
                entries.add(entry(item));
            }
            cursor = next.path("cursor").asText("");
            last = next.path("cursor").isNull() || cursor.isEmpty();
        }
        if (entries.isEmpty()) {
            return false;
        }
        action.accept(entries.removeFirst());
        return true;
    }

    /** An item as scans, transactions and watches write it. */
    static Entry entry(JsonNode item) {
        return new Entry(
                item.path("key").asText(),
                Base64.getDecoder().decode(item.path("value").asText("")),
                item.path("revision").asLong(),
                item.path("content_type").asText(""));
    }
}
