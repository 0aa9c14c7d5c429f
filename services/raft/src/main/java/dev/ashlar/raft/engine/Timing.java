package dev.ashlar.raft.engine;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.microraft.RaftConfig;

/**
 * MicroRaft's time. One of its seconds is one heartbeat period of ours, so its whole-second settings become milliseconds:
 * with a heartbeat of 250 ms its clock runs four times as fast as the monotonic clock beneath. Elections then need the
 * ratio of the two settings only.
 */
final class Timing {
    /** Entries a group commits before it marks a snapshot; a tenth of them stays in memory for slow followers. */
    static final int SNAPSHOT_EVERY_ENTRIES = 32_768;

    /** Entries in one append request; {@code Codec} bounds their bytes. */
    static final int APPEND_ENTRIES_MAX = 64;

    /** Uncommitted entries MicroRaft accepts. We keep no more than {@link CommandQueue#IN_FLIGHT_MAX} of our own. */
    private static final int PENDING_ENTRIES_MAX = 1_024;

    /** MicroRaft's period of its own reports, which nobody reads. */
    private static final int REPORT_PERIOD_SECS = 3_600;

    private final long heartbeatMs;
    private final long electionMs;

    Timing(long heartbeatMs, long electionMs) {
        if (heartbeatMs < 10 || electionMs < 3 * heartbeatMs) {
            throw new IllegalArgumentException("heartbeat " + heartbeatMs + " ms must be at least 10 ms and election "
                    + electionMs + " ms at least three heartbeats");
        }
        this.heartbeatMs = heartbeatMs;
        this.electionMs = electionMs;
    }

    RaftConfig config(int snapshotEveryEntries) {
        return RaftConfig.newBuilder()
                .setLeaderHeartbeatPeriodSecs(1)
                .setLeaderHeartbeatTimeoutSecs(electionMs / heartbeatMs)
                .setLeaderElectionTimeoutMillis(1_000)
                .setAppendEntriesRequestBatchSize(APPEND_ENTRIES_MAX)
                .setCommitCountToTakeSnapshot(snapshotEveryEntries)
                .setMaxPendingLogEntryCount(PENDING_ENTRIES_MAX)
                .setTransferSnapshotsFromFollowersEnabled(false)
                .setRaftNodeReportPublishPeriodSecs(REPORT_PERIOD_SECS)
                .build();
    }

    /** Real nanoseconds of a delay that MicroRaft asked for. */
    long realNanos(long delay, TimeUnit unit) {
        return unit.toMicros(delay) * heartbeatMs;
    }

    long heartbeatNanos() {
        return heartbeatMs * 1_000_000;
    }

    /** How long a follower that heard from its leader refuses to vote: the term of the promise behind a lease. */
    long promiseNanos() {
        return electionMs / heartbeatMs * heartbeatMs * 1_000_000;
    }

    /** How long a transfer of leadership waits for its target, while writes go on: some syncs of a slow disk. */
    long transferPatienceNanos() {
        return electionMs * 1_000_000;
    }

    /** How long a voter that granted its vote waits for the candidate: a vote and the first request, on a busy disk. */
    long patienceNanos() {
        return 2 * heartbeatMs * 1_000_000;
    }

    /** How long a leader may rely on that promise: less, for clocks that run at different rates. */
    long leaseNanos() {
        return promiseNanos() / 10 * 8;
    }

    /** Nanoseconds to the next common moment for heartbeats: at most a heartbeat period, and more than none. */
    long untilNextHeartbeat(long nowNanos) {
        return heartbeatNanos() - Math.floorMod(nowNanos, heartbeatNanos());
    }

    /**
     * About {@code delayNanos}, moved by half a period at most to a common moment for heartbeats: a process that wakes then
     * anyway does not wake once more.
     */
    long besideHeartbeat(long nowNanos, long delayNanos) {
        long period = heartbeatNanos();
        if (period > delayNanos) {
            return delayNanos;
        }
        long earliest = delayNanos - period / 2;
        return earliest + untilNextHeartbeat(nowNanos + earliest);
    }

    /** The monotonic clock, in MicroRaft's milliseconds. */
    Clock clock(LongSupplier nanos) {
        return new Scaled(nanos, heartbeatMs);
    }

    private static final class Scaled extends Clock {
        private final LongSupplier nanos;
        private final long heartbeatMs;
        private final long startNanos;

        Scaled(LongSupplier nanos, long heartbeatMs) {
            this.nanos = nanos;
            this.heartbeatMs = heartbeatMs;
            this.startNanos = nanos.getAsLong();
        }

        /** Starts far above 0, where MicroRaft's "never" lies. */
        @Override
        public long millis() {
            return 1_000_000_000L + (nanos.getAsLong() - startNanos) / 1_000 / heartbeatMs;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(millis());
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
