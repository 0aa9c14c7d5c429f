package dev.ashlar.raft.state;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.TableProperties;

import static org.assertj.core.api.Assertions.assertThat;

class RocksResourcesTest {
    /** As files say which types their blocks have, by number in RocksDB's {@code CompressionType}. */
    private static final String NONE = ";;";

    private static final String ZSTD_ALONE = "BuiltinV2;07;";

    @TempDir
    private Path directory;

    @Test
    void filesAreCompressedOnceTheyLeaveLevelZero() throws RocksDBException {
        try (RocksResources resources = new RocksResources(RocksResources.Budget.of(8 << 20, 8 << 20));
                RocksDB db = RocksDB.open(resources.options(), directory.toString());
                FlushOptions flush = new FlushOptions()) {
            // Two files with the same keys: one alone would be moved as it is.
            for (int file = 0; file < 2; file++) {
                for (int i = 0; i < 1_000; i++) {
                    db.put(("key-" + i).getBytes(StandardCharsets.US_ASCII), new byte[100]);
                }
                db.flush(flush);
            }
            assertThat(compressions(db)).containsExactly(NONE);
            db.compactRange();
            assertThat(compressions(db)).containsExactly(ZSTD_ALONE);
        }
    }

    private static Set<String> compressions(RocksDB db) throws RocksDBException {
        return db.getPropertiesOfAllTables().values().stream()
                .map(TableProperties::getCompressionName)
                .collect(Collectors.toSet());
    }
}
