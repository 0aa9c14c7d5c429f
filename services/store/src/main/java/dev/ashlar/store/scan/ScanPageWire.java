package dev.ashlar.store.scan;

import java.util.Base64;
import java.util.List;

import io.quarkus.runtime.annotations.RegisterForReflection;

import dev.ashlar.store.kv.Item;
import dev.ashlar.store.kv.ScanPage;

/** A page of one shard between stores, as JSON; values are base64. */
@RegisterForReflection
record ScanPageWire(List<ItemWire> items, boolean more) {
    /** An item of the page. */
    @RegisterForReflection
    record ItemWire(
            String key, String value, String contentType, long revision, long createRevision, long expiresAtMs) {}

    static ScanPageWire of(ScanPage page) {
        return new ScanPageWire(
                page.items().stream()
                        .map(item -> new ItemWire(
                                item.key(),
                                Base64.getEncoder().encodeToString(item.value()),
                                item.contentType(),
                                item.revision(),
                                item.createRevision(),
                                item.expiresAtMs()))
                        .toList(),
                page.more());
    }

    ScanPage toPage() {
        return new ScanPage(
                items.stream()
                        .map(item -> new Item(
                                item.key(),
                                Base64.getDecoder().decode(item.value()),
                                item.contentType(),
                                item.revision(),
                                item.createRevision(),
                                item.expiresAtMs()))
                        .toList(),
                more);
    }
}
