package dev.ashlar.store.kv;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.rocksdb.RocksIterator;

import dev.ashlar.common.Limits;

/**
 * Finds the keys that one range deletion takes: those in the database, merged with what this turn has done to them. Only
 * keys that exist count towards the limits, so where it stops depends on the log alone and not on where turns end (S3).
 * Values count too, although nobody wants them: the database reads them from the disk when it passes over them.
 */
final class RangeVictims {
    /** A key to delete. */
    @SuppressWarnings("ArrayRecordComponent") // Short-lived, nobody compares them.
    record Victim(byte[] row, ItemMeta meta) {}

    private final KvCommand.DeleteRange range;
    private final byte[] low;
    private final byte[] high;
    private final TreeMap<byte[], Touched> turn = new TreeMap<>(Arrays::compareUnsigned);
    private final List<Victim> victims = new ArrayList<>();
    private int seen;
    private long seenBytes;
    private long rowBytes;
    private byte[] last = {};
    private boolean more;

    /** @param turnKeys the keys that this turn has changed */
    RangeVictims(KvCommand.DeleteRange range, Map<String, Touched> turnKeys) {
        this.range = range;
        byte[] prefix = Rows.key(Rows.DATA, range.prefix());
        high = KvScan.successor(prefix);
        if (range.afterKey().isEmpty()) {
            low = prefix;
        } else {
            byte[] after = Rows.key(Rows.DATA, range.afterKey());
            low = KvScan.max(prefix, Arrays.copyOf(after, after.length + 1));
        }
        turnKeys.forEach((key, touched) -> {
            byte[] row = Rows.key(Rows.DATA, key);
            if (inRange(row)) {
                turn.put(row, touched);
            }
        });
    }

    /** Looks at the database; to be called once, first. */
    RangeVictims find(RocksIterator iterator) throws IOException {
        byte[] meta = new byte[Rows.META_BYTES];
        for (iterator.seek(low); iterator.isValid() && !more; iterator.next()) {
            byte[] row = iterator.key();
            if (!inRange(row)) {
                break;
            }
            while (!turn.isEmpty() && Arrays.compareUnsigned(turn.firstKey(), row) < 0) {
                takeTurn();
            }
            if (!turn.isEmpty() && Arrays.equals(turn.firstKey(), row)) {
                takeTurn();
            } else {
                int size = iterator.value(meta);
                take(row, Rows.meta(meta, Math.min(size, meta.length)), size);
            }
        }
        while (!turn.isEmpty() && !more) {
            takeTurn();
        }
        return this;
    }

    private void takeTurn() {
        Map.Entry<byte[], Touched> first = turn.pollFirstEntry();
        take(first.getKey(), first.getValue().meta(), first.getValue().row().length);
    }

    private void take(byte[] row, ItemMeta meta, int size) {
        if (!meta.exists() || more) {
            return;
        }
        if (seen == Limits.RANGE_DELETE_KEYS_MAX
                || seenBytes > Limits.RANGE_DELETE_BYTES_MAX
                || rowBytes > Limits.RANGE_DELETE_ROW_BYTES_MAX) {
            more = true;
            return;
        }
        seen++;
        seenBytes += row.length;
        rowBytes += size;
        last = row;
        if (range.boundary() == 0 || meta.revision() <= range.boundary()) {
            victims.add(new Victim(row, meta));
        }
    }

    private boolean inRange(byte[] row) {
        return Arrays.compareUnsigned(row, low) >= 0 && Arrays.compareUnsigned(row, high) < 0;
    }

    List<Victim> victims() {
        return victims;
    }

    /** The key to go on after; empty when the range was seen to its end. */
    String lastKey() {
        return more ? Rows.text(last) : "";
    }
}
