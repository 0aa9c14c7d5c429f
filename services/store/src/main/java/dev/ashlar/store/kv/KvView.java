package dev.ashlar.store.kv;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

import dev.ashlar.raft.state.Hash64;
import dev.ashlar.raft.state.StateChecksum;
import dev.ashlar.raft.state.StateView;

/**
 * All of a shard at one moment, read in parts while the shard goes on. One platform thread at a time. Fails when the replica
 * is closed or replaced by a snapshot meanwhile.
 */
public final class KvView implements AutoCloseable {
    private static final int PART_BYTES = 1 << 20;
    private static final int PART_ITEMS = 4_096;

    private final KvStateMachine shard;
    private final StateView view;
    private final long index;
    private final long revision;
    private final long timeMs;

    KvView(KvStateMachine shard, StateView view, long index, long revision, long timeMs) {
        this.shard = shard;
        this.view = view;
        this.index = index;
        this.revision = revision;
        this.timeMs = timeMs;
    }

    /** The log index of the {@link VerifyCommand} that this view was made for, else 0. */
    public long index() {
        return index;
    }

    /** The shard's revision. */
    public long revision() {
        return revision;
    }

    /** The shard's time, in milliseconds since 1970: what the expiry of items is compared with. */
    public long timeMs() {
        return timeMs;
    }

    /**
     * The next items in the order of their keys: about a mebibyte of them.
     *
     * @param after the last key of the part before; empty for the first part
     * @return an empty list at the end
     */
    public List<Item> items(Optional<String> after) throws IOException {
        return shard.walkView(view, iterator -> {
            List<Item> items = new ArrayList<>();
            long bytes = 0;
            if (after.isEmpty()) {
                iterator.seek(new byte[] {Rows.DATA});
            } else {
                byte[] last = Rows.key(Rows.DATA, after.get());
                iterator.seek(Arrays.copyOf(last, last.length + 1));
            }
            while (bytes < PART_BYTES
                    && items.size() < PART_ITEMS
                    && iterator.isValid()
                    && iterator.key()[0] == Rows.DATA) {
                byte[] row = iterator.value();
                items.add(Rows.item(Rows.text(iterator.key()), row, row.length, true));
                bytes += row.length;
                iterator.next();
            }
            return items;
        });
    }

    /**
     * A checksum over every row, what the shard remembers of requests included (S3).
     *
     * @param pace told the bytes of each part after it was read; may wait
     */
    public StateChecksum checksum(LongConsumer pace) throws IOException {
        return shard.checksumOf(view, pace);
    }

    /** A checksum over the items alone. */
    KvChecksum itemsChecksum() throws IOException {
        long hash = 0;
        long count = 0;
        Optional<String> after = Optional.empty();
        for (List<Item> part = items(after); !part.isEmpty(); part = items(after)) {
            for (Item item : part) {
                byte[] key = Rows.key(Rows.DATA, item.key());
                ItemMeta meta = new ItemMeta(item.revision(), item.createRevision(), item.expiresAtMs());
                byte[] row = Rows.item(meta, item.contentType(), item.value());
                hash = Hash64.of(Hash64.of(hash, key, 0, key.length), row, 0, row.length);
                count++;
            }
            after = Optional.of(part.getLast().key());
        }
        return new KvChecksum(revision, hash, count);
    }

    @Override
    public void close() {
        view.close();
    }
}
