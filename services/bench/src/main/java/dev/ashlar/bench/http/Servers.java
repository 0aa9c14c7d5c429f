package dev.ashlar.bench.http;

import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import dev.ashlar.client.http.Connection;

/** Addresses of stores as the client takes them, and back. Over plain HTTP. */
public final class Servers {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private Servers() {}

    /** Base URLs. */
    public static List<URI> urls(List<InetSocketAddress> servers) {
        return servers.stream()
                .map(server -> URI.create("http://" + server.getHostString() + ":" + server.getPort()))
                .toList();
    }

    /** A connection; {@code token} may be empty. */
    public static Connection connection(List<InetSocketAddress> servers, String token) {
        return new Connection(
                urls(servers), Optional.of(token).filter(text -> !text.isEmpty()), Optional.empty(), TIMEOUT);
    }

    /** Addresses that can be connected to. */
    public static List<InetSocketAddress> resolved(List<InetSocketAddress> servers) {
        return servers.stream()
                .map(server -> new InetSocketAddress(server.getHostString(), server.getPort()))
                .toList();
    }
}
