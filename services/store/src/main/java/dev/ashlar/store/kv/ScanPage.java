package dev.ashlar.store.kv;

import java.util.List;

/**
 * A page of one shard.
 *
 * @param items in the order of the scan
 * @param more whether the page ended at its limit of items or bytes, so that further keys may follow its last one; a page
 *     with more has at least one item
 */
public record ScanPage(List<Item> items, boolean more) {}
