package dev.ashlar.store.backup;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

import dev.ashlar.common.backup.BackupItem;
import dev.ashlar.common.backup.ShardSection;
import dev.ashlar.common.backup.ShardSummary;
import dev.ashlar.store.kv.Item;
import dev.ashlar.store.kv.KvView;

/** Writes the items of a shard as a section of a backup. Keys whose time has run out are left out, as for every reader. */
final class ShardExport {
    private ShardExport() {}

    /** @param nowMs wall clock; what is left of a time to live is counted from it, or from the shard's time when that is later */
    static ShardSummary write(KvView view, int shard, long nowMs, OutputStream out) throws IOException {
        long timeMs = Math.max(view.timeMs(), nowMs);
        ShardSection section = ShardSection.begin(out, shard, view.revision());
        Optional<String> after = Optional.empty();
        for (List<Item> part = view.items(after); !part.isEmpty(); part = view.items(after)) {
            for (Item item : part) {
                if (item.expiresAtMs() == 0 || item.expiresAtMs() > timeMs) {
                    section.add(new BackupItem(
                            item.key(),
                            item.value(),
                            item.contentType(),
                            item.revision(),
                            item.createRevision(),
                            item.expiresAtMs() == 0 ? 0 : item.expiresAtMs() - timeMs));
                }
            }
            after = Optional.of(part.getLast().key());
        }
        return section.end();
    }
}
