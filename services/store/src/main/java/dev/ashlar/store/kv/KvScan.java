package dev.ashlar.store.kv;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.rocksdb.RocksIterator;

import dev.ashlar.common.Limits;

/**
 * Walks the items of one page. All bounds become one range of rows {@code [low, high)}: the prefix, {@code from},
 * {@code to} and the key that the page before ended with.
 */
final class KvScan {
    private final ScanRequest request;
    private final byte[] low;
    private final byte[] high;

    KvScan(ScanRequest request) {
        this.request = request;
        byte[] lowest = Rows.key(Rows.DATA, request.prefix());
        byte[] highest = successor(lowest);
        if (!request.from().isEmpty()) {
            lowest = max(lowest, Rows.key(Rows.DATA, request.from()));
        }
        if (!request.to().isEmpty()) {
            highest = min(highest, Rows.key(Rows.DATA, request.to()));
        }
        if (request.afterKey().isPresent()) {
            byte[] after = Rows.key(Rows.DATA, request.afterKey().get());
            if (request.reverse()) {
                highest = min(highest, after);
            } else {
                // The smallest row above it: the same with a zero byte at its end.
                lowest = max(lowest, Arrays.copyOf(after, after.length + 1));
            }
        }
        low = lowest;
        high = highest;
    }

    ScanPage run(RocksIterator iterator) throws IOException {
        List<Item> items = new ArrayList<>();
        byte[] header = new byte[Rows.HEADER_BYTES];
        long pageBytes = 0;
        start(iterator);
        while (iterator.isValid()) {
            byte[] row = iterator.key();
            if (Arrays.compareUnsigned(row, low) < 0 || Arrays.compareUnsigned(row, high) >= 0) {
                break;
            }
            int size = iterator.value(header);
            pageBytes += row.length - 1L + (request.keysOnly() ? 0 : size);
            if (items.size() == request.limit() || (pageBytes > Limits.SCAN_PAGE_BYTES_MAX && !items.isEmpty())) {
                return new ScanPage(items, true);
            }
            items.add(item(iterator, Rows.text(row), header, size));
            if (request.reverse()) {
                iterator.prev();
            } else {
                iterator.next();
            }
        }
        return new ScanPage(items, false);
    }

    private Item item(RocksIterator iterator, String key, byte[] header, int size) throws IOException {
        if (request.keysOnly()) {
            return Rows.item(key, header, Math.min(size, header.length), false);
        }
        return size <= header.length
                ? Rows.item(key, header, size, true)
                : Rows.item(key, iterator.value(), size, true);
    }

    private void start(RocksIterator iterator) {
        if (!request.reverse()) {
            iterator.seek(low);
            return;
        }
        iterator.seekForPrev(high);
        if (iterator.isValid() && Arrays.equals(iterator.key(), high)) {
            iterator.prev();
        }
    }

    /** The smallest row above every row that begins with {@code prefix}. Its first byte, the kind, is never 0xff. */
    static byte[] successor(byte[] prefix) {
        int last = prefix.length - 1;
        while (prefix[last] == (byte) 0xff) {
            last--;
        }
        byte[] next = Arrays.copyOf(prefix, last + 1);
        next[last]++;
        return next;
    }

    static byte[] max(byte[] a, byte[] b) {
        return Arrays.compareUnsigned(a, b) >= 0 ? a : b;
    }

    private static byte[] min(byte[] a, byte[] b) {
        return Arrays.compareUnsigned(a, b) <= 0 ? a : b;
    }
}
