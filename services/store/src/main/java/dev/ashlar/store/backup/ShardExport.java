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

/**
 * Writes the items of a shard as a section of a backup. What has expired, and what is left of a time to live, is told by the
 * shard's own time at the view: by the clock of this machine, which may be ahead or be that of a much later day, keys would be
 * left out that every reader of the view sees.
 */
final class ShardExport {
    private ShardExport() {}

    static ShardSummary write(KvView view, int shard, OutputStream out) throws IOException {
        long timeMs = view.timeMs();
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
