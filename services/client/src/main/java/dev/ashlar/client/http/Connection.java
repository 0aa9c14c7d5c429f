package dev.ashlar.client.http;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * How servers are reached that stand in for each other.
 *
 * @param endpoints base URLs, in the order in which they are asked
 * @param token for {@code Authorization: Bearer}
 * @param trust whom to believe for https; empty for the authorities of the system
 * @param timeout how long to try in all, for one call
 */
public record Connection(List<URI> endpoints, Optional<String> token, Optional<SSLContext> trust, Duration timeout) {
    public Connection {
        endpoints = List.copyOf(endpoints);
        if (endpoints.isEmpty() || timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("a connection needs an endpoint and a timeout");
        }
    }

    /** A client of the JDK for it; to be closed by who asks for it. */
    public HttpClient newHttp() {
        return Tls.client(trust);
    }

    /** A request that shows the token. */
    public HttpRequest.Builder request(URI endpoint, String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(endpoint + path));
        token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
        return request;
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "Connection" + endpoints;
    }
}
