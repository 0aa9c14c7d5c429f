package dev.ashlar.store.boot;

import java.util.OptionalLong;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import dev.ashlar.common.Limits;
import dev.ashlar.common.memory.ContainerMemory;

/**
 * How the store shares out its memory, so that a container is not killed for what it uses under load. A setting wins; by
 * default:
 *
 * <ol>
 *   <li>RocksDB is outside the heap: its block cache and its write buffers get a twelfth each of the container's limit, 64 MiB
 *       each when there is none.
 *   <li>What is kept on the heap follows its size, which the command line or the image has fixed (40 % of the limit in our
 *       images): a quarter for values that are being received, a 64th for payloads of the log. Those need not be many: a
 *       follower that is more than a moment late is sent what the log has. And they must not: what lives for seconds is
 *       copied by the garbage collector again and again, and ends in full collections of 60 to 180 ms.
 *   <li>Events that clients have not taken yet wait in network buffers outside of the heap: an eighth of its size.
 * </ol>
 *
 * <p>With the manifests' limit of 768 MiB that makes 64 MiB twice, and 307 MiB of heap; the rest is for code, threads, network
 * buffers and the page cache.
 */
@Singleton
public class StoreMemory {
    private static final long MIB = 1L << 20;
    private static final long UNLIMITED_SHARE = 64 * MIB;
    private static final long ROCKSDB_MIN = 8 * MIB;
    private static final long ROCKSDB_MAX = 1024 * MIB;
    private static final long LOG_CACHE_MIN = 4 * MIB;
    private static final long LOG_CACHE_MAX = 64 * MIB;
    private static final long BODIES_MAX = 128 * MIB;
    private static final long WATCHES_MIN = 4 * MIB;

    private final long containerBytes;
    private final long heapBytes;
    private final long blockCacheBytes;
    private final long memtableBytes;
    private final long logCacheBytes;
    private final long bodyBytesInFlightMax;
    private final long watchUnsentBytesMax;

    @Inject
    StoreMemory(StoreConfig config) {
        this(config, ContainerMemory.limitBytes(), Runtime.getRuntime().maxMemory());
    }

    StoreMemory(StoreConfig config, OptionalLong container, long heap) {
        containerBytes = container.orElse(0);
        heapBytes = heap;
        long rocksDb = container.isPresent()
                ? Math.clamp(container.getAsLong() / 12, ROCKSDB_MIN, ROCKSDB_MAX)
                : UNLIMITED_SHARE;
        blockCacheBytes = config.blockCacheBytes().orElse(rocksDb);
        memtableBytes = config.memtableBytes().orElse(rocksDb);
        logCacheBytes = config.logCacheBytes().orElse(Math.clamp(heap / 64, LOG_CACHE_MIN, LOG_CACHE_MAX));
        bodyBytesInFlightMax = config.bodyBytesInFlightMax()
                .orElse(Math.max(config.valueBytesMax(), Math.clamp(heap / 4, MIB, BODIES_MAX)));
        watchUnsentBytesMax =
                config.watchUnsentBytesMax().orElse(Math.clamp(heap / 8, WATCHES_MIN, Limits.WATCH_UNSENT_BYTES_MAX));
    }

    /** RocksDB's block cache, in bytes. */
    public long blockCacheBytes() {
        return blockCacheBytes;
    }

    /** RocksDB's write buffers, in bytes. */
    public long memtableBytes() {
        return memtableBytes;
    }

    /** Payloads of log entries held in memory, in bytes. */
    public long logCacheBytes() {
        return logCacheBytes;
    }

    /** Values of requests that are being received, of all connections together, in bytes. */
    public long bodyBytesInFlightMax() {
        return bodyBytesInFlightMax;
    }

    /** Events that clients have not taken yet, of all watches together, in bytes. */
    public long watchUnsentBytesMax() {
        return watchUnsentBytesMax;
    }

    @Override
    public String toString() {
        return "memory in MiB: container " + (containerBytes == 0 ? "without a limit" : containerBytes / MIB)
                + ", heap "
                + heapBytes / MIB + ", block cache " + blockCacheBytes / MIB + ", write buffers " + memtableBytes / MIB
                + ", log cache " + logCacheBytes / MIB + ", values being received " + bodyBytesInFlightMax / MIB
                + ", events not sent " + watchUnsentBytesMax / MIB;
    }
}
