package dev.ashlar.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;

import dev.ashlar.client.http.Connection;
import dev.ashlar.client.http.Endpoints;
import dev.ashlar.client.http.Tls;

/** How a client reaches its cluster. One thread. */
public final class AshlarClientBuilder {
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private String endpoints = "http://127.0.0.1:8080";
    private Optional<String> token = Optional.empty();
    private Optional<SSLContext> trust = Optional.empty();
    private Duration timeout = TIMEOUT;
    private Optional<Connection> connection = Optional.empty();
    private boolean toLeaders = true;
    private boolean patient = true;

    AshlarClientBuilder() {}

    /** Base URLs of stores, or of what stands before them, separated by commas; at most 32. */
    public AshlarClientBuilder endpoints(String list) {
        endpoints = list;
        return this;
    }

    /** The bearer token. */
    public AshlarClientBuilder token(String secret) {
        token = Optional.of(secret);
        return this;
    }

    /** Believes the certificates of this PEM file alone, for https. */
    public AshlarClientBuilder authority(Path pem) {
        return trust(Tls.trusting(pem.toString()));
    }

    /** Whom to believe for https, and what to show. */
    public AshlarClientBuilder trust(SSLContext context) {
        trust = Optional.of(context);
        return this;
    }

    /** How long a call tries in all; 15 s by itself. The wait for a lock comes on top. */
    public AshlarClientBuilder timeout(Duration limit) {
        timeout = limit;
        return this;
    }

    /** All of the above at once. */
    public AshlarClientBuilder connection(Connection ready) {
        connection = Optional.of(ready);
        return this;
    }

    /** Whether leaders are asked directly, when they can be reached; true by itself. One question for the cluster more. */
    public AshlarClientBuilder toLeaders(boolean directly) {
        toLeaders = directly;
        return this;
    }

    /** Whether a call goes on to its timeout also while nobody can be reached; true by itself. */
    public AshlarClientBuilder patient(boolean untilTimeout) {
        patient = untilTimeout;
        return this;
    }

    /** A client, to be closed. Asks nobody yet. */
    public AshlarClient build() {
        Connection made = connection.orElseGet(() -> new Connection(Endpoints.parse(endpoints), token, trust, timeout));
        return new AshlarClient(new Sender(made, toLeaders, patient));
    }
}
