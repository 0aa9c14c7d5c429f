package dev.ashlar.cli.dev;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Lets no process outlive {@code ashlar dev}, even when that is killed by {@code kill -9} and can do nothing any more.
 *
 * <p>A small shell reads, from a pipe that this process alone holds open, which pids belong to it. When the pipe ends
 * without the word {@code done}, this process is gone, and the shell asks all of them to stop. It waits in a read and
 * costs nothing.
 */
final class Guard implements Closeable {
    /** Ctrl-C reaches the whole foreground group of the terminal; the guard must outlive it. */
    private static final String SCRIPT = """
            trap '' INT HUP TERM
            pids=' '
            while read -r word pid; do
              case $word in
                add) pids="$pids$pid " ;;
                drop) pids=$(printf '%s' "$pids" | sed "s/ $pid / /") ;;
                done) exit 0 ;;
              esac
            done
            [ "$pids" = ' ' ] || kill -TERM $pids 2>/dev/null
            """;

    private final Process shell;
    private final OutputStream words;

    Guard() throws IOException {
        shell = new ProcessBuilder("/bin/sh", "-c", SCRIPT)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        words = shell.getOutputStream();
    }

    void add(long pid) {
        say("add " + pid);
    }

    void drop(long pid) {
        say("drop " + pid);
    }

    private synchronized void say(String line) {
        try {
            words.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
            words.flush();
        } catch (IOException guardIsGone) {
            // Somebody killed it. Everything works without it, but for a kill -9 of this process.
        }
    }

    @Override
    public void close() throws IOException {
        say("done");
        words.close();
        shell.onExit().join();
    }
}
