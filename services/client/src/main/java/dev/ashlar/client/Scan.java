package dev.ashlar.client;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.ashlar.common.Limits;

/**
 * Which keys to list, in the order of their bytes. Empty texts are no bounds.
 *
 * @param from the first key
 * @param to the first key not to list
 * @param pageItems at most so many are asked for at once, 1 to 10,000
 */
public record Scan(String prefix, String from, String to, boolean reverse, boolean keysOnly, int pageItems) {
    private static final int PAGE_ITEMS = 500;

    public Scan {
        if (pageItems < 1 || pageItems > Limits.SCAN_LIMIT_MAX) {
            throw new IllegalArgumentException("a page has 1 to " + Limits.SCAN_LIMIT_MAX + " items, not " + pageItems);
        }
    }

    /** Every key that begins with this; every key when it is empty. */
    public static Scan prefix(String prefix) {
        return new Scan(prefix, "", "", false, false, PAGE_ITEMS);
    }

    /** From a key (listed) to another (not listed). */
    public static Scan range(String from, String to) {
        return new Scan("", from, to, false, false, PAGE_ITEMS);
    }

    /** From the last key to the first. */
    public Scan reversed() {
        return new Scan(prefix, from, to, !reverse, keysOnly, pageItems);
    }

    /** Without the values. */
    public Scan withoutValues() {
        return new Scan(prefix, from, to, reverse, true, pageItems);
    }

    /** With pages of another size. */
    public Scan pages(int items) {
        return new Scan(prefix, from, to, reverse, keysOnly, items);
    }

    Map<String, String> query(String cursor) {
        Map<String, String> query = new LinkedHashMap<>();
        put(query, "prefix", prefix);
        put(query, "from", from);
        put(query, "to", to);
        put(query, "reverse", reverse ? "true" : "");
        put(query, "keys_only", keysOnly ? "true" : "");
        query.put("limit", Integer.toString(pageItems));
        put(query, "cursor", cursor);
        return query;
    }

    private static void put(Map<String, String> query, String name, String value) {
        if (!value.isEmpty()) {
            query.put(name, value);
        }
    }
}
