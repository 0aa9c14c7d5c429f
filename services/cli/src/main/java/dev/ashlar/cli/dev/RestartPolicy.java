package dev.ashlar.cli.dev;

import java.time.Duration;

/**
 * When to start again what died.
 *
 * <ol>
 *   <li>A process that ran for a minute or more starts again after one second.
 *   <li>Each earlier death doubles the pause, up to 30 seconds.
 *   <li>Before the cluster has been ready for the first time, the third quick death in a row of one process is the end:
 *       it will not get better by itself, and a user who has just typed the command wants to read why.
 * </ol>
 *
 * @param quickDeaths deaths in a row, each after less than a minute
 */
public record RestartPolicy(int quickDeaths) {
    static final Duration STEADY = Duration.ofMinutes(1);
    static final Duration PAUSE_MAX = Duration.ofSeconds(30);
    static final int QUICK_DEATHS_AT_START_MAX = 3;

    /** A process that has not died yet. */
    public static final RestartPolicy FRESH = new RestartPolicy(0);

    /** After a death. */
    public RestartPolicy died(Duration uptime) {
        return new RestartPolicy(uptime.compareTo(STEADY) >= 0 ? 1 : quickDeaths + 1);
    }

    /** How long to wait before the next start. */
    public Duration pause() {
        int doublings = Math.clamp(quickDeaths - 1L, 0, 10);
        Duration pause = Duration.ofSeconds(1L << doublings);
        return pause.compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : pause;
    }

    /** Whether to give up. */
    public boolean hopeless(boolean wasEverReady) {
        return !wasEverReady && quickDeaths >= QUICK_DEATHS_AT_START_MAX;
    }
}
