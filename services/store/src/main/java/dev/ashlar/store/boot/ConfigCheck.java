package dev.ashlar.store.boot;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

import dev.ashlar.common.Limits;
import dev.ashlar.common.StoreId;
import dev.ashlar.common.disk.StartRefusedException;

/** Says of every bad setting what it is, what it is called in the environment, and what is permitted. */
final class ConfigCheck {
    private static final String ANY_DISK = "0000000000000000";
    private static final long MIB = 1 << 20;

    private final List<String> problems = new ArrayList<>();

    private ConfigCheck() {}

    /** Throws {@link StartRefusedException} with one line for each bad setting. */
    static void check(StoreConfig config) {
        ConfigCheck check = new ConfigCheck();
        check.all(config);
        if (!check.problems.isEmpty()) {
            throw new StartRefusedException("bad configuration:\n  " + String.join("\n  ", check.problems));
        }
    }

    private void all(StoreConfig config) {
        name(config.name());
        coordinators(config.coordinators());
        text("ASHLAR_DATA_DIR", config.dataDir());
        text("ASHLAR_ADVERTISE_HOST", config.advertiseHost());
        text("ASHLAR_PEER_HOST", config.peerHost());
        if (config.advertiseHost().indexOf('/') >= 0) {
            problems.add("ASHLAR_ADVERTISE_HOST is '" + config.advertiseHost() + "'; it must be a host, not a URL");
        }
        range("ASHLAR_PEER_PORT", config.peerPort(), 1, 65_535);
        config.blockCacheBytes().ifPresent(bytes -> range("ASHLAR_BLOCK_CACHE_BYTES", bytes, MIB, 1L << 40));
        config.memtableBytes().ifPresent(bytes -> range("ASHLAR_MEMTABLE_BYTES", bytes, MIB, 1L << 40));
        range("ASHLAR_WAL_SEGMENT_BYTES", config.walSegmentBytes(), 4 * MIB, 1L << 30);
        config.logCacheBytes().ifPresent(bytes -> range("ASHLAR_LOG_CACHE_BYTES", bytes, MIB, 1L << 40));
        range("ASHLAR_HEARTBEAT_MS", config.heartbeatMs(), 10, 60_000);
        range("ASHLAR_ELECTION_MS", config.electionMs(), 100, 600_000);
        if (config.electionMs() < 3 * config.heartbeatMs()) {
            problems.add("ASHLAR_ELECTION_MS is " + config.electionMs() + "; it must be at least three times "
                    + "ASHLAR_HEARTBEAT_MS (" + config.heartbeatMs() + ")");
        }
        range("ASHLAR_MIN_FREE_BYTES", config.minFreeBytes(), 0, 1L << 50);
        range("ASHLAR_VALUE_BYTES_MAX", config.valueBytesMax(), 1, Limits.VALUE_BYTES_MAX);
        config.bodyBytesInFlightMax()
                .ifPresent(bytes -> range("ASHLAR_BODY_BYTES_IN_FLIGHT_MAX", bytes, config.valueBytesMax(), 1L << 40));
        range("ASHLAR_CONCURRENCY_MAX", config.concurrencyMax(), Limits.CONCURRENCY_MIN, 1 << 20);
        range("ASHLAR_CONCURRENCY_TARGET_MS", config.concurrencyTargetMs(), 1, Limits.WRITE_TIMEOUT_MS);
        range("ASHLAR_DRAIN_TIMEOUT_MS", config.drainTimeoutMs(), 0, 600_000);
        range("ASHLAR_DECOMMISSION_TIMEOUT_MS", config.decommissionTimeoutMs(), 0, 86_400_000);
        range("ASHLAR_READY_LATCH_TIMEOUT_MS", config.readyLatchTimeoutMs(), 0, 86_400_000);
        range("ASHLAR_START_ALONE_AFTER_MS", config.startAloneAfterMs(), 0, 86_400_000);
        range("ASHLAR_VERIFY_EVERY_MS", config.verifyEveryMs(), 0, 30L * 24 * 3600 * 1000);
        range("ASHLAR_VERIFY_BYTES_PER_SECOND", config.verifyBytesPerSecond(), MIB, 1L << 40);
    }

    private void name(String name) {
        try {
            var unused = new StoreId(name, ANY_DISK);
        } catch (IllegalArgumentException bad) {
            problems.add("ASHLAR_NAME: " + bad.getMessage());
        }
    }

    private void coordinators(String text) {
        if (text.startsWith("srv:")) {
            text("ASHLAR_COORDINATORS", text.substring(4));
            return;
        }
        for (String url : text.split(",", -1)) {
            if (!isBaseUrl(url.strip())) {
                problems.add("ASHLAR_COORDINATORS has '" + url.strip()
                        + "'; it must be http://host:port,http://host:port,... or srv:<DNS SRV name>");
            }
        }
    }

    private static boolean isBaseUrl(String url) {
        try {
            URI uri = URI.create(url);
            return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getPort() > 0
                    && (uri.getPath().isEmpty() || uri.getPath().equals("/"));
        } catch (IllegalArgumentException bad) {
            return false;
        }
    }

    private void text(String name, String value) {
        if (value.isBlank()) {
            problems.add(name + " must not be empty");
        }
    }

    private void range(String name, long value, long min, long max) {
        if (value < min || value > max) {
            problems.add(name + " is " + value + "; it must be between " + min + " and " + max);
        }
    }
}
