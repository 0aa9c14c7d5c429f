package dev.ashlar.raft.log;

/** What a kill -9 does to a log: files are closed, what was not written is gone. */
public final class LogCrash {
    private LogCrash() {}

    public static void crash(SharedLog log) {
        log.abandon();
    }
}
