package dev.ashlar.raft.state;

import java.util.Random;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

import static org.assertj.core.api.Assertions.assertThat;

class TurnBatchTest {
    @BeforeAll
    static void load() {
        RocksDB.loadLibrary();
    }

    @Test
    void theBytesAreThoseThatRocksDbWouldWrite() throws RocksDBException {
        Random random = new Random(1);
        TurnBatch ours = new TurnBatch();
        for (int round = 0; round < 3; round++) {
            try (WriteBatch theirs = new WriteBatch()) {
                for (int i = 0; i < 300; i++) {
                    byte[] key = bytes(random, 1 + random.nextInt(300));
                    if (random.nextInt(4) == 0) {
                        ours.delete(key);
                        theirs.delete(key);
                    } else {
                        byte[] value = bytes(random, random.nextInt(i == 7 ? 3 << 20 : 20_000));
                        ours.put(key, value);
                        theirs.put(key, value);
                    }
                }
                assertThat(ours.toBytes()).isEqualTo(theirs.data());
            }
            ours.clear();
            assertThat(ours.isEmpty()).isTrue();
        }
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
