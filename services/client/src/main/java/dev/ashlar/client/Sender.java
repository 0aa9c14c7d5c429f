package dev.ashlar.client;

import java.util.Map;
import java.util.Optional;

import dev.ashlar.client.error.AshlarException;
import dev.ashlar.client.error.UnknownOutcomeException;
import dev.ashlar.client.http.Answer;
import dev.ashlar.client.http.ApiClient;
import dev.ashlar.client.http.Call;
import dev.ashlar.client.http.Connection;
import dev.ashlar.client.http.Route;
import dev.ashlar.client.route.Leaders;

/** Sends calls, each to the leader of its key when that is wanted. An interrupt ends a call, and stays set. Threads share it. */
final class Sender implements AutoCloseable {
    static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    private final Connection connection;
    private final ApiClient api;
    private final Optional<Leaders> leaders;

    Sender(Connection connection, boolean toLeaders, boolean patient) {
        this.connection = connection;
        this.api = patient ? ApiClient.patient(connection) : ApiClient.impatient(connection);
        this.leaders = toLeaders ? Optional.of(new Leaders(connection)) : Optional.empty();
    }

    /** To the leader of the key's shard. */
    Answer send(Call call, String key) {
        return send(call, leaders.map(known -> known.to(key)).orElseGet(() -> Route.inOrder(connection.endpoints())));
    }

    /** To any store. */
    Answer send(Call call) {
        return send(call, leaders.map(Leaders::anywhere).orElseGet(() -> Route.inOrder(connection.endpoints())));
    }

    private Answer send(Call call, Route route) {
        try {
            return api.send(call, route);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw call.writes()
                    ? new UnknownOutcomeException(
                            "the outcome of the write is unknown: this thread was interrupted.",
                            Optional.ofNullable(call.headers().get("Idempotency-Key")))
                    : new AshlarException("interrupted", 0, "this thread was interrupted.");
        }
    }

    Connection connection() {
        return connection;
    }

    @Override
    public void close() {
        leaders.ifPresent(Leaders::close);
        api.close();
    }
}
