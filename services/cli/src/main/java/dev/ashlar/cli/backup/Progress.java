package dev.ashlar.cli.backup;

import java.io.PrintStream;
import java.util.Locale;

/** One line of progress at most once a second, and one at the end. Threads may share it. */
public final class Progress {
    private static final long EVERY_NANOS = 1_000_000_000;

    private final PrintStream out;
    private final String what;
    private final long startNanos = System.nanoTime();
    private long saidNanos = startNanos;
    private long keys;
    private long bytes;

    public Progress(PrintStream out, String what) {
        this.out = out;
        this.what = what;
    }

    /** Adds what was done since the last call. */
    public synchronized void add(long moreKeys, long moreBytes, String where) {
        keys += moreKeys;
        bytes += moreBytes;
        if (System.nanoTime() - saidNanos >= EVERY_NANOS) {
            saidNanos = System.nanoTime();
            out.println(line(where));
        }
    }

    /** The last line. */
    public synchronized void done() {
        out.println(line("done"));
    }

    private String line(String where) {
        double seconds = Math.max(0.001, (System.nanoTime() - startNanos) / 1e9);
        return String.format(
                Locale.ROOT,
                "%s: %s, %d keys, %.1f MB, %.1f s, %.1f MB/s",
                what,
                where,
                keys,
                bytes / 1e6,
                seconds,
                bytes / 1e6 / seconds);
    }
}
