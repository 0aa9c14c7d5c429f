package dev.ashlar.raft.state;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.CompressionOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DataBlockIndexType;
import org.rocksdb.Env;
import org.rocksdb.HyperClockCache;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.Options;
import org.rocksdb.Priority;
import org.rocksdb.RateLimiter;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * What all databases of a process share: memory, threads, disk bandwidth and the options they are opened with. One per
 * process; close it after the last state machine.
 *
 * <p>Memory: one cache of {@code blockCacheBytes + memtableBytes}, which the memtables are charged to, so both together
 * stay within the sum, and what the memtables do not use serves reads. Index and filter blocks live in it too.
 */
public final class RocksResources implements AutoCloseable {
    private static final long MIB = 1L << 20;
    private static final int FLUSH_THREADS = 2;
    private static final int BLOOM_BITS_PER_KEY = 10;
    private static final int BLOCK_BYTES = 8 << 10;

    private static final long CLOSE_WAIT_S = 30;

    private final Cache cache;
    private final WriteBufferManager writeBuffers;
    private final RateLimiter rateLimiter;
    private final BloomFilter bloom;
    private final CompressionOptions bottommostCompression;
    private final Options options;
    private final ExecutorService background;

    /**
     * How much of the machine the databases of a process may take.
     *
     * @param blockCacheBytes for data, index and filter blocks
     * @param memtableBytes for what has been applied and not yet flushed, of all databases together
     * @param compactionThreads native threads for compactions
     * @param backgroundBytesPerSecond what flushes and compactions together may write; 0 for no limit
     */
    public record Budget(
            long blockCacheBytes, long memtableBytes, int compactionThreads, long backgroundBytesPerSecond) {
        public Budget {
            if (blockCacheBytes < MIB || memtableBytes < MIB || compactionThreads < 1 || backgroundBytesPerSecond < 0) {
                throw new IllegalArgumentException("block cache and memtables need at least 1 MiB each, compactions at"
                        + " least 1 thread: " + blockCacheBytes + ", " + memtableBytes + ", " + compactionThreads);
            }
        }

        /** A budget without a limit on the disk. */
        public static Budget of(long blockCacheBytes, long memtableBytes) {
            int threads = Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 4);
            return new Budget(blockCacheBytes, memtableBytes, threads, 0);
        }
    }

    public RocksResources(Budget budget) {
        RocksDB.loadLibrary();
        cache = new HyperClockCache(budget.blockCacheBytes() + budget.memtableBytes(), 0, -1, false);
        writeBuffers = new WriteBufferManager(budget.memtableBytes(), cache, false);
        // A limiter is only a very high limit when none was asked for: one code path.
        rateLimiter =
                new RateLimiter(budget.backgroundBytesPerSecond() == 0 ? 1L << 40 : budget.backgroundBytesPerSecond());
        bloom = new BloomFilter(BLOOM_BITS_PER_KEY);
        bottommostCompression = new CompressionOptions().setEnabled(true).setLevel(1);
        Env.getDefault()
                .setBackgroundThreads(budget.compactionThreads(), Priority.LOW)
                .setBackgroundThreads(FLUSH_THREADS, Priority.HIGH);
        options = options(budget);
        background = Executors.newFixedThreadPool(
                FLUSH_THREADS,
                Thread.ofPlatform().daemon().name("state-flush-", 0).factory());
    }

    private Options options(Budget budget) {
        return new Options()
                .setCreateIfMissing(true)
                .setEnv(Env.getDefault())
                .setTableFormatConfig(tables())
                .setWriteBufferManager(writeBuffers)
                .setRateLimiter(rateLimiter)
                // A database may take a quarter of the budget; the manager flushes earlier when all together reach it.
                .setWriteBufferSize(Math.max(MIB, budget.memtableBytes() / 4))
                .setMaxWriteBufferNumber(6)
                .setArenaBlockSize(256 << 10)
                .setMemtablePrefixBloomSizeRatio(0.02)
                .setMemtableWholeKeyFiltering(true)
                // One writer (the engine thread) per database: no need for concurrent inserts.
                .setAllowConcurrentMemtableWrite(false)
                .setEnableWriteThreadAdaptiveYield(false)
                .setMaxBackgroundJobs(budget.compactionThreads() + FLUSH_THREADS)
                .setLevelCompactionDynamicLevelBytes(true)
                .setTargetFileSizeBase(32 * MIB)
                .setMaxBytesForLevelBase(128 * MIB)
                // A compaction of level 0 rewrites what lies below it too: rather half as many of twice the size.
                .setLevel0FileNumCompactionTrigger(8)
                // A stalled write would stall the engine thread and with it every group: leave much room.
                .setLevel0SlowdownWritesTrigger(40)
                .setLevel0StopWritesTrigger(80)
                // Under load files of level 0 are rewritten soon, and compressing them costs a third of a flush; a
                // shard at rest keeps
                // fewer files there than start a compaction. The last holds for all levels below.
                .setCompressionPerLevel(List.of(CompressionType.NO_COMPRESSION, CompressionType.LZ4_COMPRESSION))
                .setBottommostCompressionType(CompressionType.ZSTD_COMPRESSION)
                .setBottommostCompressionOptions(bottommostCompression)
                // Write back steadily: a burst of dirty pages would delay the fsync of the Raft log.
                .setBytesPerSync(MIB)
                .setAvoidUnnecessaryBlockingIO(true)
                .setSkipStatsUpdateOnDbOpen(true)
                .setMaxManifestFileSize(4 * MIB)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setMaxLogFileSize(MIB)
                .setKeepLogFileNum(2)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0);
    }

    private BlockBasedTableConfig tables() {
        return new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setBlockSize(BLOCK_BYTES)
                .setFilterPolicy(bloom)
                .setOptimizeFiltersForMemory(true)
                .setCacheIndexAndFilterBlocks(true)
                .setCacheIndexAndFilterBlocksWithHighPriority(true)
                .setPinL0FilterAndIndexBlocksInCache(true)
                .setDataBlockIndexType(DataBlockIndexType.kDataBlockBinaryAndHash);
    }

    Options options() {
        return options;
    }

    /** Runs flushes and deletions of old files: work that blocks and nobody waits for. */
    ExecutorService background() {
        return background;
    }

    /** Bytes of the cache in use, memtables included. Any thread. */
    public long cacheUsedBytes() {
        return cache.getUsage();
    }

    /** Waits for work under way. Every state machine must be closed before. */
    @Override
    public void close() {
        background.shutdown();
        try {
            if (!background.awaitTermination(CLOSE_WAIT_S, TimeUnit.SECONDS)) {
                // Freeing what a native call still uses would end the process: rather leave it to the exit.
                return;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return;
        }
        options.close();
        bottommostCompression.close();
        bloom.close();
        rateLimiter.close();
        writeBuffers.close();
        cache.close();
    }
}
