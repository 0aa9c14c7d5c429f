package dev.ashlar.raft.state;

import java.util.Arrays;

import org.rocksdb.RocksIterator;

/** A checksum over a state that is read in parts. One thread. */
final class ChecksumWalk {
    private static final int PART_BYTES = 1 << 20;

    private final byte[] appliedRow;
    private long hash;
    private long entries;
    private long index;
    private byte[] next = {};
    private boolean finished;

    ChecksumWalk(byte[] appliedRow) {
        this.appliedRow = appliedRow;
    }

    boolean finished() {
        return finished;
    }

    StateChecksum result() {
        return new StateChecksum(hash, index, entries);
    }

    /** Reads about a mebibyte; gives the bytes that were read. */
    long part(RocksIterator iterator) {
        long bytes = 0;
        iterator.seek(next);
        while (iterator.isValid() && bytes < PART_BYTES) {
            byte[] key = iterator.key();
            byte[] value = iterator.value();
            bytes += key.length + value.length;
            take(key, value);
            iterator.next();
        }
        finished = !iterator.isValid();
        next = finished ? next : iterator.key();
        return bytes;
    }

    /** The rows of the base class are left out: the applied index also moves where the subclass's rows do not. */
    private void take(byte[] key, byte[] value) {
        if (key[0] == appliedRow[0]) {
            if (Arrays.equals(key, appliedRow)) {
                index = Numbers.fromBytes(value);
            }
            return;
        }
        hash = Hash64.of(Hash64.of(hash, key, 0, key.length), value, 0, value.length);
        entries++;
    }
}
