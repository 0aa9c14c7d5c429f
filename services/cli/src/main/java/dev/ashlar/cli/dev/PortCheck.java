package dev.ashlar.cli.dev;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

import dev.ashlar.cli.CliException;
import dev.ashlar.cli.ExitCode;

/** Finds ports that are taken before anything starts: a process that dies of a port says so only in its log. */
public final class PortCheck {
    private static final int OFFSET_STEP = 1000;
    private static final int TOLD_MAX = 4;

    private PortCheck() {}

    /** Ends with one line that names the ports, who has them, and an offset that is free. */
    public static void requireFree(DevOptions options) {
        List<Integer> taken = taken(options);
        if (taken.isEmpty()) {
            return;
        }
        List<String> told = new ArrayList<>();
        for (int port : taken.subList(0, Math.min(TOLD_MAX, taken.size()))) {
            told.add(
                    port + PortOwner.find(port).map(owner -> " (" + owner + ")").orElse(""));
        }
        String more = taken.size() > TOLD_MAX ? " and " + (taken.size() - TOLD_MAX) + " more" : "";
        String advice = freeOffset(options).stream()
                .mapToObj(free -> "--port-offset " + free + " (make run ARGS='--port-offset " + free
                        + "' and other --data for a second cluster)")
                .findFirst()
                .orElse("--port-offset N");
        throw new CliException(
                ExitCode.REFUSED,
                (taken.size() == 1 ? "port " : "ports ") + String.join(", ", told) + more
                        + (taken.size() == 1 ? " is" : " are") + " taken. Stop what has them, or use others: " + advice
                        + ".");
    }

    /** The ports of the plan on which something listens, in ascending order. */
    public static List<Integer> taken(DevOptions options) {
        List<Integer> taken = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            int count = kind == Kind.STORE ? options.stores() : options.coordinators();
            for (int i = 0; i < count; i++) {
                for (int port : options.ports().of(kind, i).all()) {
                    if (!free(port)) {
                        taken.add(port);
                    }
                }
            }
        }
        taken.sort(null);
        return taken;
    }

    private static OptionalInt freeOffset(DevOptions options) {
        for (int step = 1; step <= 20; step++) {
            int offset = options.ports().offset() + step * OFFSET_STEP;
            if (offset <= PortPlan.OFFSET_MAX
                    && taken(new DevOptions(
                                    options.stores(),
                                    options.coordinators(),
                                    options.shards(),
                                    options.data(),
                                    new PortPlan(offset)))
                            .isEmpty()) {
                return OptionalInt.of(offset);
            }
        }
        return OptionalInt.empty();
    }

    /** Address reuse stays on, as in the servers: connections of an earlier run that linger in TIME_WAIT do not matter. */
    private static boolean free(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
