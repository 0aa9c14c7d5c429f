package dev.ashlar.acceptance.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The ports of one process on 127.0.0.1.
 *
 * <p>They lie below the range from which the system takes ports for outgoing connections: a process that is down for a
 * moment must find its ports free when it comes back.
 */
public record Ports(int http, int management, int peer) {
    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 32_000;
    private static final int TRIES_MAX = 1_000;

    /** Three ports that nobody listens on now. */
    static Ports free() {
        for (int tries = 0; tries < TRIES_MAX; tries++) {
            int first = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (isFree(first) && isFree(first + 1) && isFree(first + 2)) {
                return new Ports(first, first + 1, first + 2);
            }
        }
        throw new IllegalStateException("no free ports between " + LOWEST + " and " + HIGHEST);
    }

    /** The base URL of the API. */
    public String url() {
        return "http://127.0.0.1:" + http;
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
