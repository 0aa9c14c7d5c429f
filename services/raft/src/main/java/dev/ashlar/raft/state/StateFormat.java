package dev.ashlar.raft.state;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteOptions;

/**
 * The two rows that every state has beside those of its subclass: the index of the last entry it contains, {@code mapplied},
 * and the version of its format, {@code mformat}. Both are numbers as {@link Numbers} writes them. A state of a newer format
 * is refused and left as it is.
 *
 * <p>Any thread; the caller sees to it that the database stays open meanwhile.
 */
final class StateFormat {
    /** The key of the applied index, which is written in one batch with what it counts. */
    static final byte[] APPLIED = "mapplied".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] FORMAT = "mformat".getBytes(StandardCharsets.US_ASCII);

    private final int version;

    /** @param version of the subclass's data, from 1 */
    StateFormat(int version) {
        this.version = version;
    }

    /**
     * Checks a database that is to be used and marks a new one with the version.
     *
     * @return its applied index; 0 for a new one
     * @throws IOException when its format is newer than the version
     */
    long adopt(RocksDB db, Path path, WriteOptions options) throws IOException, RocksDBException {
        byte[] format = db.get(FORMAT);
        check(path, format);
        long index = Numbers.fromBytes(db.get(APPLIED));
        if (format == null) {
            db.put(options, FORMAT, Numbers.toBytes(version));
        }
        return index;
    }

    /** Checks a database that is only looked at, and gives its applied index. Throws as {@link #adopt} does. */
    long inspect(RocksDB db, Path path) throws IOException, RocksDBException {
        check(path, db.get(FORMAT));
        return Numbers.fromBytes(db.get(APPLIED));
    }

    private void check(Path path, byte[] format) throws IOException {
        long found = format == null ? version : Numbers.fromBytes(format);
        if (found > version) {
            throw StateFaults.newerFormat(path, found, version);
        }
    }
}
