package dev.ashlar.bench.process;

import java.nio.file.Path;
import java.util.List;

/** Processes on loopback that serve together, started for a measurement. Closing it kills them; their data stays. */
public interface Cluster extends AutoCloseable {
    /** All processes, in the order they were started. */
    List<ServerProcess> processes();

    /** Where their data is. */
    Path dir();

    /** The ids of all processes, for {@link ProcessStat}. */
    default List<Long> pids() {
        return processes().stream().map(ServerProcess::pid).toList();
    }

    @Override
    default void close() {
        processes().forEach(ServerProcess::close);
    }

    /** Throws with the process's last output when one of them has ended. */
    default void requireAlive() {
        for (ServerProcess process : processes()) {
            if (!process.isAlive()) {
                throw new IllegalStateException(process.name() + " has ended:\n" + process.lastOutput());
            }
        }
    }

    /** Kills the processes when this program ends in any way that runs hooks, e.g. Ctrl-C. */
    default void closeAtExit() {
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::close));
    }
}
