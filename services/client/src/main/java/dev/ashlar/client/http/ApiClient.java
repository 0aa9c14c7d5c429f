package dev.ashlar.client.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;

import dev.ashlar.client.error.AshlarException;

/** Sends one {@link Call} after another to the first of several servers that can answer it. Threads may share it. */
public final class ApiClient implements AutoCloseable {
    private final Connection connection;
    private final boolean patient;
    private final HttpClient http;

    private ApiClient(Connection connection, boolean patient) {
        this.connection = connection;
        this.patient = patient;
        this.http = connection.newHttp();
    }

    /** Tries until the timeout, also while nobody can be reached: for programs, which outlive a restart of the servers. */
    public static ApiClient patient(Connection connection) {
        return new ApiClient(connection, true);
    }

    /** Gives up as soon as nobody can be reached at all: for people, who want to know. */
    public static ApiClient impatient(Connection connection) {
        return new ApiClient(connection, false);
    }

    /** The answer, or an {@link AshlarException} that says what went wrong when it is not a success. */
    public Answer ask(Call call) throws InterruptedException {
        return ask(call, Route.inOrder(connection.endpoints()));
    }

    /** The same, by a route of its own. */
    public Answer ask(Call call, Route route) throws InterruptedException {
        Answer answer = send(call, route);
        if (!answer.ok()) {
            throw Problem.of(answer);
        }
        return answer;
    }

    /** The answer, whatever its status; throws when nobody was there, or the outcome of a write is unknown. */
    public Answer send(Call call) throws InterruptedException {
        return send(call, Route.inOrder(connection.endpoints()));
    }

    /** The same, by a route of its own. */
    public Answer send(Call call, Route route) throws InterruptedException {
        return new Attempts(http, connection, patient, call, route).run();
    }

    /** Sends it once, to one server. */
    public Answer once(URI endpoint, Call call) throws IOException, InterruptedException {
        return Attempts.once(http, connection, endpoint, call, connection.timeout());
    }

    /**
     * The body of an answer as it comes, from the first endpoint that gives it; an {@link AshlarException} otherwise. To be
     * closed. A body that breaks off ends with an {@link IOException}: it is not asked for again.
     */
    public InputStream stream(String path) throws InterruptedException {
        Failures failures = new Failures();
        Optional<Answer> refused = Optional.empty();
        for (URI endpoint : connection.endpoints()) {
            try {
                HttpResponse<InputStream> response =
                        http.send(connection.request(endpoint, path).build(), BodyHandlers.ofInputStream());
                if (response.statusCode() == 200) {
                    return response.body();
                }
                try (InputStream body = response.body()) {
                    refused = Optional.of(
                            new Answer(endpoint, response.statusCode(), response.headers(), body.readNBytes(64 << 10)));
                }
                if (!Verdict.of(refused.get()).comesLater()) {
                    break;
                }
            } catch (IOException failure) {
                failures.add(endpoint, failure);
            }
        }
        throw refused.map(Problem::of).orElseGet(failures::nobody);
    }

    /** Breaks off what is under way. */
    @Override
    public void close() {
        http.shutdownNow();
    }
}
