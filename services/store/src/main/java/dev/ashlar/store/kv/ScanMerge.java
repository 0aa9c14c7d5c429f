package dev.ashlar.store.kv;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

import dev.ashlar.common.Limits;

/**
 * Merges one page of each shard into one page, and says where the next one begins.
 *
 * <ol>
 *   <li>Take the next item in the order of the scan among the heads of all pages.
 *   <li>Stop when the page is full (items, bytes).
 *   <li>Stop when a page that has more behind it runs out: the next item might be among those that were not read.
 * </ol>
 *
 * <p>The cursor names the last key that was given out, so nothing is given twice or left out, whatever is written between
 * two pages. Pure.
 */
public final class ScanMerge {
    /**
     * One page over all shards.
     *
     * @param items in order, at most the limit of the request
     * @param cursor for the next page; empty when this was the last
     */
    public record Merged(List<Item> items, Optional<String> cursor) {}

    private static final class Head {
        private final ScanPage page;
        private int at;

        Head(ScanPage page) {
            this.page = page;
        }

        Item item() {
            return page.items().get(at);
        }
    }

    private ScanMerge() {}

    /** Merges the answers that the shards gave to {@code request}, in any order. */
    public static Merged merge(ScanRequest request, List<ScanPage> pages) {
        int sign = request.reverse() ? -1 : 1;
        PriorityQueue<Head> heads = new PriorityQueue<>(
                Math.max(1, pages.size()),
                (a, b) -> sign * Keys.compare(a.item().key(), b.item().key()));
        for (ScanPage page : pages) {
            if (!page.items().isEmpty()) {
                heads.add(new Head(page));
            } else if (page.more()) {
                throw new IllegalArgumentException("a page without items cannot have more behind it");
            }
        }
        List<Item> items = new ArrayList<>();
        long bytes = 0;
        while (!heads.isEmpty()) {
            Head head = heads.poll();
            Item item = head.item();
            bytes += sizeBytes(item);
            if (items.size() == request.limit() || (bytes > Limits.SCAN_PAGE_BYTES_MAX && !items.isEmpty())) {
                return more(request, items);
            }
            items.add(item);
            head.at++;
            if (head.at < head.page.items().size()) {
                heads.add(head);
            } else if (head.page.more()) {
                return more(request, items);
            }
        }
        return new Merged(List.copyOf(items), Optional.empty());
    }

    private static Merged more(ScanRequest request, List<Item> items) {
        String last = items.getLast().key();
        return new Merged(List.copyOf(items), Optional.of(new ScanCursor(last, request.reverse()).encode()));
    }

    /** What an item counts towards the bytes of a page. */
    static long sizeBytes(Item item) {
        return item.key().length() + (long) item.value().length;
    }
}
