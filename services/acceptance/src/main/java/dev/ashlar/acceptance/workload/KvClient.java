package dev.ashlar.acceptance.workload;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import dev.ashlar.acceptance.history.Call;
import dev.ashlar.acceptance.history.Outcome;

/**
 * One call over HTTP.
 *
 * <ol>
 *   <li>A value is its number in ASCII, padded to {@value #VALUE_BYTES} bytes.
 *   <li>503 and 429 say that nothing happened: {@link Outcome.Failed}. So does a connection that cannot be made.
 *   <li>504, a broken connection or no answer within the time limit: {@link Outcome.Unknown}.
 *   <li>Any other answer is a fault of the store, and thrown.
 * </ol>
 *
 * <p>Thread-safe.
 */
public final class KvClient {
    private static final int VALUE_BYTES = 64;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    /** One request to the store at {@code url}; it waits for an answer at most {@code timeout}. */
    public Outcome send(String url, String key, Call call, Duration timeout) throws InterruptedException {
        HttpRequest request = request(url, key, call).timeout(timeout).build();
        try {
            return outcome(call, http.send(request, BodyHandlers.ofString(StandardCharsets.US_ASCII)));
        } catch (ConnectException | HttpConnectTimeoutException notSent) {
            return new Outcome.Failed();
        } catch (IOException noAnswer) {
            return new Outcome.Unknown();
        }
    }

    private static HttpRequest.Builder request(String url, String key, Call call) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + "/v1/kv/" + URLEncoder.encode(key, StandardCharsets.UTF_8)));
        return switch (call) {
            case Call.Get get -> request.GET();
            case Call.Put put -> request.PUT(body(put.value()));
            case Call.PutAt put -> request.PUT(body(put.value())).header("If-Match", etag(put.expectedRevision()));
            case Call.Create create -> request.PUT(body(create.value())).header("If-None-Match", "*");
            case Call.Delete delete -> request.DELETE();
            case Call.DeleteAt delete -> request.DELETE().header("If-Match", etag(delete.expectedRevision()));
        };
    }

    private static Outcome outcome(Call call, HttpResponse<String> response) {
        return switch (response.statusCode()) {
            case 200 ->
                call instanceof Call.Get
                        ? new Outcome.Found(Long.parseLong(response.body().strip()), revision(response))
                        : new Outcome.Written(revision(response), false);
            case 201 -> new Outcome.Written(revision(response), true);
            case 204 ->
                new Outcome.Deleted(
                        response.headers().firstValueAsLong("Ashlar-Revision").orElseThrow());
            case 404 -> new Outcome.Absent();
            case 412 ->
                response.headers().firstValue("ETag").isPresent()
                        ? new Outcome.Mismatch(revision(response))
                        : new Outcome.Absent();
            case 429, 503 -> new Outcome.Failed();
            case 504 -> new Outcome.Unknown();
            default ->
                throw new IllegalStateException(
                        call + " was answered by " + response.statusCode() + ": " + response.body());
        };
    }

    private static long revision(HttpResponse<String> response) {
        String etag = response.headers().firstValue("ETag").orElseThrow();
        return Long.parseLong(etag, 1, etag.length() - 1, 10);
    }

    private static BodyPublisher body(long value) {
        String digits = Long.toString(value);
        return BodyPublishers.ofString(digits + " ".repeat(VALUE_BYTES - digits.length()));
    }

    private static String etag(long revision) {
        return "\"" + revision + "\"";
    }
}
