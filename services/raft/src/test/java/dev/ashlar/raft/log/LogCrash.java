package dev.ashlar.raft.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** A log whose process dies of kill -9, while the machine lives on: syncs would only cost time. */
public final class LogCrash {
    private LogCrash() {}

    /** Opens a log that never syncs. */
    public static SharedLog openWithoutSync(Path dir, LogOptions options) throws IOException {
        return SharedLog.open(dir, options, new Disk() {
            @Override
            void force(Path file, FileChannel channel, boolean metadata) {}

            @Override
            void forceDirectory(Path directory) {}
        });
    }

    /** Files are closed, what was not written is gone. */
    public static void crash(SharedLog log) {
        log.abandon();
    }
}
