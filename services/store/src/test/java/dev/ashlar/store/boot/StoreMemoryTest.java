package dev.ashlar.store.boot;

import java.util.Map;
import java.util.OptionalLong;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StoreMemoryTest {
    private static final long MIB = 1L << 20;

    @Test
    void theContainerOfTheManifests() {
        StoreMemory memory = of(OptionalLong.of(768 * MIB), 307 * MIB, Map.of());
        assertThat(memory.blockCacheBytes()).isEqualTo(64 * MIB);
        assertThat(memory.memtableBytes()).isEqualTo(64 * MIB);
        assertThat(memory.logCacheBytes()).isEqualTo(307 * MIB / 64);
        assertThat(memory.bodyBytesInFlightMax() / MIB).isEqualTo(76);
        assertThat(memory.watchUnsentBytesMax() / MIB).isEqualTo(38);
    }

    @Test
    void whateverTheContainerThereIsRoomForTheRest() {
        for (long mib = 192; mib <= 1 << 18; mib *= 2) {
            long limit = mib * MIB;
            long heap = limit * 2 / 5;
            StoreMemory memory = of(OptionalLong.of(limit), heap, Map.of());
            assertThat(heap + memory.blockCacheBytes() + memory.memtableBytes())
                    .as("heap and RocksDB in %d MiB", mib)
                    .isLessThanOrEqualTo(limit * 3 / 5);
            assertThat(memory.logCacheBytes() + memory.bodyBytesInFlightMax())
                    .as("kept on the heap in %d MiB", mib)
                    .isLessThanOrEqualTo(heap / 2);
        }
    }

    @Test
    void aSmallHeapKeepsFourMibOfTheLog() {
        StoreMemory memory = of(OptionalLong.of(192 * MIB), 76 * MIB, Map.of());
        assertThat(memory.logCacheBytes()).isEqualTo(4 * MIB);
    }

    @Test
    void withoutALimitNothingGrowsWithTheMachine() {
        StoreMemory memory = of(OptionalLong.empty(), 1L << 40, Map.of());
        assertThat(memory.blockCacheBytes()).isEqualTo(64 * MIB);
        assertThat(memory.logCacheBytes()).isEqualTo(64 * MIB);
        assertThat(memory.bodyBytesInFlightMax()).isEqualTo(128 * MIB);
        assertThat(memory.watchUnsentBytesMax()).isEqualTo(64 * MIB);
    }

    @Test
    void aSettingWins() {
        StoreMemory memory = of(
                OptionalLong.of(768 * MIB),
                307 * MIB,
                Map.of(
                        "ashlar.block-cache-bytes", "10000001",
                        "ashlar.memtable-bytes", "10000002",
                        "ashlar.log-cache-bytes", "10000003",
                        "ashlar.body-bytes-in-flight-max", "10000004",
                        "ashlar.watch-unsent-bytes-max", "10000005"));
        assertThat(memory.blockCacheBytes()).isEqualTo(10_000_001);
        assertThat(memory.memtableBytes()).isEqualTo(10_000_002);
        assertThat(memory.logCacheBytes()).isEqualTo(10_000_003);
        assertThat(memory.bodyBytesInFlightMax()).isEqualTo(10_000_004);
        assertThat(memory.watchUnsentBytesMax()).isEqualTo(10_000_005);
    }

    private static StoreMemory of(OptionalLong container, long heap, Map<String, String> settings) {
        StoreConfig config = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withMapping(StoreConfig.class)
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build()
                .getConfigMapping(StoreConfig.class);
        return new StoreMemory(config, container, heap);
    }
}
