package dev.ashlar.bench.process;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Addresses of servers on this machine, by number: the name localhost may mean ::1, where nobody listens. */
public final class Loopback {
    private Loopback() {}

    /** 127.0.0.1 with a port. */
    public static InetSocketAddress port(int port) {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
    }
}
