package dev.ashlar.coordinator.boot;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

import dev.ashlar.common.Limits;
import dev.ashlar.common.StoreId;
import dev.ashlar.common.disk.StartRefusedException;

/** Says of every bad setting what it is called in the environment, what it is, and what is permitted. */
final class ConfigCheck {
    private static final String ANY_DISK = "0000000000000000";
    private static final long MIB = 1 << 20;

    private final List<String> problems = new ArrayList<>();

    private ConfigCheck() {}

    /** Throws {@link StartRefusedException} with one line for each bad setting. */
    static void check(CoordinatorConfig config) {
        ConfigCheck check = new ConfigCheck();
        check.all(config);
        if (!check.problems.isEmpty()) {
            throw new StartRefusedException("bad configuration:\n  " + String.join("\n  ", check.problems));
        }
    }

    private void all(CoordinatorConfig config) {
        name(config.name());
        coordinators(config.coordinators());
        text("ASHLAR_DATA_DIR", config.dataDir());
        text("ASHLAR_ADVERTISE_HOST", config.advertiseHost());
        text("ASHLAR_PEER_HOST", config.peerHost());
        if (config.advertiseHost().indexOf('/') >= 0) {
            problems.add("ASHLAR_ADVERTISE_HOST is '" + config.advertiseHost() + "'; it must be a host, not a URL");
        }
        range("ASHLAR_PEER_PORT", config.peerPort(), 0, 65_535);
        range("ASHLAR_EXPECT", config.expect(), 1, Limits.COORDINATORS_MAX);
        range("ASHLAR_SHARDS", config.shards(), 1, Limits.SHARDS_MAX);
        range("ASHLAR_REPLICATION_FACTOR", config.replicationFactor(), 1, Limits.REPLICATION_FACTOR_MAX);
        range("ASHLAR_EXPECT_STORES", config.expectStores(), 1, Limits.STORES_MAX);
        range("ASHLAR_WAL_SEGMENT_BYTES", config.walSegmentBytes(), 4 * MIB, 1L << 30);
        range("ASHLAR_HEARTBEAT_MS", config.heartbeatMs(), 10, 60_000);
        range("ASHLAR_ELECTION_MS", config.electionMs(), 100, 600_000);
        range("ASHLAR_REPAIR_AFTER_MS", config.repairAfterMs(), 15_000, 7L * 24 * 3_600_000);
        range("ASHLAR_MIN_FREE_BYTES", config.minFreeBytes(), 0, 1L << 50);
        if (config.electionMs() < 3 * config.heartbeatMs()) {
            problems.add("ASHLAR_ELECTION_MS is " + config.electionMs() + "; it must be at least three times "
                    + "ASHLAR_HEARTBEAT_MS (" + config.heartbeatMs() + ")");
        }
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
            text("ASHLAR_COORDINATORS", text.substring("srv:".length()));
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
