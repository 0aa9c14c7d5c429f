package dev.ashlar.client.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import javax.net.ssl.SSLHandshakeException;

import dev.ashlar.client.error.UnreachableException;

/** Whom a call could not be sent to, and why. One thread. */
final class Failures {
    private final Map<URI, String> reasons = new LinkedHashMap<>();
    private boolean untrusted;

    void add(URI endpoint, IOException failure) {
        reasons.put(endpoint, reason(failure));
        untrusted |= Tls.untrusted(failure);
    }

    /** Whether the request cannot have been read by anybody. */
    static boolean neverArrived(IOException failure) {
        return failure instanceof ConnectException
                || failure instanceof HttpConnectTimeoutException
                || failure instanceof SSLHandshakeException;
    }

    UnreachableException nobody() {
        return new UnreachableException("nobody answered: " + this + ".", untrusted);
    }

    @Override
    public String toString() {
        return reasons.isEmpty()
                ? "no time was left to ask"
                : reasons.entrySet().stream()
                        .map(failure -> failure.getKey() + " (" + failure.getValue() + ")")
                        .collect(Collectors.joining(", "));
    }

    static String reason(IOException failure) {
        return switch (failure) {
            case HttpConnectTimeoutException e -> "no connection within " + Tls.CONNECT_TIMEOUT.toSeconds() + " s";
            case HttpTimeoutException e -> "no answer in time";
            case ConnectException e ->
                e.getCause() instanceof UnresolvedAddressException ? "unknown host" : "connection refused";
            default ->
                Tls.reason(failure)
                        .orElseGet(() -> failure.getMessage() == null ? "connection broken" : failure.getMessage());
        };
    }
}
