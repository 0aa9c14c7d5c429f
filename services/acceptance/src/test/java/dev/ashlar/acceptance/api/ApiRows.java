package dev.ashlar.acceptance.api;

import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.awaitility.Awaitility;

import dev.ashlar.acceptance.cluster.LocalCluster;
import dev.ashlar.acceptance.cluster.ServerProcess;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every row of the API as a table, which is the same for every cluster and every store of it. All keys have one tag, and
 * with it one shard, so that a store either leads all of it or nothing.
 */
final class ApiRows {
    private static final Pattern TOKEN = Pattern.compile("\"fencing_token\":(\\d+)");
    private static final String NDJSON = "application/x-ndjson";
    private static final String SLASHES = "/".repeat(1_000);

    /**
     * One call. {@code T} stands for the tag in braces; in headers {@code $etag} and {@code $token} for what the answers
     * before said last.
     *
     * @param expected the status, or that of a problem with its code
     * @param text what the answer must contain
     */
    record Step(String method, String path, String body, List<String> headers, String expected, String text) {}

    static final List<Step> STORE = List.of(
            // PUT
            step("PUT", "/v1/kv/T/a", "1", "201", "\"revision\":"),
            step("PUT", "/v1/kv/T/a", "x", "412 exists", "", "If-None-Match", "*"),
            step("PUT", "/v1/kv/T/new", "x", "201", "", "If-None-Match", "*"),
            step("PUT", "/v1/kv/T/a", "2", "200", "\"shard\":"),
            step("PUT", "/v1/kv/T/a", "3", "200", "", "If-Match", "$etag", "Content-Type", "text/plain"),
            step("PUT", "/v1/kv/T/a", "x", "412 revision_mismatch", "", "If-Match", "\"999999999\""),
            step("PUT", "/v1/kv/T/ttl?ttl=1h", "x", "201", ""),
            step("PUT", "/v1/kv/T/ttl?ttl=1", "x", "400 invalid_argument", "ttl"),
            step("PUT", "/v1/kv/T/once", "x", "201", "", "Idempotency-Key", "T-1"),
            step("PUT", "/v1/kv/T/once", "x", "201", "", "Idempotency-Key", "T-1"),
            step("PUT", "/v1/kv/T/big", "b".repeat((1 << 20) + 1), "413 value_too_large", ""),
            step("PUT", "/v1/kv/T" + "k".repeat(1024), "x", "414 key_too_long", ""),
            // GET and HEAD
            step("GET", "/v1/kv/T/a", "", "200", "3"),
            step("GET", "/v1/kv/T/a", "", "304", "", "If-None-Match", "$etag"),
            step("GET", "/v1/kv/T/a?wait=1s", "", "304", "", "If-None-Match", "$etag"),
            step("GET", "/v1/kv/T/a?wait=30s", "", "200", "3"),
            step("GET", "/v1/kv/T/none", "", "404 not_found", ""),
            step("GET", "/v1/kv/T/none?wait=1s", "", "404 not_found", ""),
            step("GET", "/v1/kv/T/a?consistency=linearizable", "", "200", "3"),
            step("GET", "/v1/kv/T/a?consistency=maybe", "", "400 invalid_argument", "consistency"),
            step("HEAD", "/v1/kv/T/a", "", "200", ""),
            step("HEAD", "/v1/kv/T/none", "", "404", ""),
            // Lists
            step("GET", "/v1/kv?prefix=T/", "", "200", "\"value\":\"Mw==\""),
            step("GET", "/v1/kv?prefix=T/&limit=1&keys_only=true&reverse=true", "", "200", "\"cursor\":\""),
            step("GET", "/v1/kv?from=T/a&to=T/b", "", "200", "/a\""),
            step("GET", "/v1/kv?prefix=T/", "", "200", "}\n", "Accept", NDJSON),
            // The bounds are of 1,010 bytes, which another store is asked with in escapes.
            step("GET", "/v1/kv?prefix=T" + SLASHES + "&from=T" + SLASHES + "&to=T" + SLASHES + "0", "", "200", "[]"),
            step("GET", "/v1/kv?limit=0", "", "400 invalid_argument", "limit"),
            // Deletions
            step("DELETE", "/v1/kv/T/a", "", "412 revision_mismatch", "", "If-Match", "\"999999999\""),
            step("DELETE", "/v1/kv/T/a", "", "204", ""),
            step("DELETE", "/v1/kv/T/a", "", "404 not_found", ""),
            step("DELETE", "/v1/kv?prefix=T/", "", "200", "\"deleted\":3"),
            step("DELETE", "/v1/kv?prefix=", "", "400 invalid_argument", "all"),
            step("DELETE", "/v1/kv?all=", "", "400 invalid_argument", "all"),
            // Batches
            step("POST", "/v1/batch", "{\"items\":[" + put("T/b1") + "," + put("T/b2") + "]}", "200", "\"status\":20"),
            step("POST", "/v1/batch", "{\"items\":[{\"op\":\"delete\",\"key\":\"T/none\"}]}", "207", "not_found"),
            step(
                    "POST",
                    "/v1/batch",
                    put("T/b1") + "\n" + put("T/b3") + "\n",
                    "200",
                    "\"status\":20",
                    "Content-Type",
                    NDJSON),
            // Transactions
            step(
                    "POST",
                    "/v1/txn",
                    "{\"if\":[{\"key\":\"T/x\",\"absent\":true}],\"then\":[" + put("T/x") + "]}",
                    "200",
                    "\"succeeded\":true"),
            step(
                    "POST",
                    "/v1/txn",
                    "{\"if\":[{\"key\":\"T/x\",\"text\":\"y\"}],\"else\":[{\"op\":\"get\",\"key\":\"T/x\"}]}",
                    "200",
                    "\"succeeded\":false"),
            step(
                    "POST",
                    "/v1/txn",
                    "{\"then\":["
                            + Stream.of("one two three four five six seven eight".split(" "))
                                    .map(ApiRows::put)
                                    .collect(Collectors.joining(","))
                            + "]}",
                    "409 cross_shard",
                    ""),
            step("POST", "/v1/txn", "{}x", "400 invalid_argument", ""),
            // Watches
            step("STREAM", "/v1/watch?prefix=T/", "", "200", "event: open"),
            step("GET", "/v1/watch?from=AQAAAAAAAAAAAAA", "", "410 compacted", ""),
            step("GET", "/v1/watch?from=x", "", "400 invalid_argument", "cursor"),
            // Locks and fences
            step("POST", "/v1/locks/T/l", "{\"owner\":\"a\",\"ttl\":\"1h\"}", "200", "\"fencing_token\":"),
            step("POST", "/v1/locks/T/l", "{\"owner\":\"b\"}", "409 locked", "\"a\""),
            step("POST", "/v1/locks/T/l", "{\"owner\":\"b\",\"wait\":\"1s\"}", "409 locked", ""),
            step("PUT", "/v1/kv/T/f", "x", "201", "", "Ashlar-Fencing", "T/l=$token"),
            step("DELETE", "/v1/locks/T/l", "{\"owner\":\"b\"}", "409 locked", ""),
            step("DELETE", "/v1/locks/T/l", "{\"owner\":\"a\"}", "204", ""),
            step("PUT", "/v1/kv/T/f", "x", "412 fenced", "", "Ashlar-Fencing", "T/l=$token"),
            step("DELETE", "/v1/locks/T/l", "{\"owner\":\"a\"}", "404 not_found", ""),
            // The cluster
            step("GET", "/v1/cluster", "", "200", "\"shards\":"),
            step("GET", "/v1/backup", "", "200", ""),
            step("GET", "/v1/nothing", "", "404 not_found", ""),
            step("POST", "/v1/kv/T/a", "x", "405 method_not_allowed", ""));

    /** Orders for what does not exist, or for what is as it is told to be: they change nothing. */
    static final List<Step> COORDINATOR = List.of(
            step("GET", "/", "", "200", "<html"),
            step("GET", "/v1/cluster", "", "200", "\"authoritative\":true"),
            step("GET", "/v1/events?after=0&limit=5", "", "200", "\"at_ms\":"),
            step("GET", "/v1/events?limit=0", "", "400 invalid_argument", "limit"),
            step("STREAM", "/v1/events/stream?after=0", "", "200", "id:"),
            step("GET", "/v1/gate?statefulset=store&ordinal=0", "", "200", "\"verdict\":"),
            step("GET", "/v1/gate?statefulset=store", "", "400 invalid_argument", "ordinal"),
            step("GET", "/v1/backup", "", "200", ""),
            step("POST", "/v1/stores/store-9/drain", "", "404 not_found", "store-9"),
            step("POST", "/v1/stores/store-0/undrain", "", "200", "\"changed\":false"),
            step("POST", "/v1/stores/store-0/decommission", "", "409 conflict", ""),
            step("POST", "/v1/shards/99/transfer", "{\"to\":\"store-0\"}", "404 not_found", "99"),
            step("POST", "/v1/shards/0/transfer", "{\"to\":\"store-9\"}", "404 not_found", "store-9"),
            step("POST", "/v1/finalize", "", "200", ""),
            step("GET", "/v1/nothing", "", "404 not_found", ""),
            step("DELETE", "/v1/finalize", "", "405 method_not_allowed", ""));

    private ApiRows() {}

    /** Method and path of each row. */
    static List<String> calls(List<Step> rows) {
        return rows.stream()
                .map(row -> row.method().replace("STREAM", "GET") + " " + row.path())
                .toList();
    }

    private static Step step(String method, String path, String body, String expected, String text, String... headers) {
        return new Step(method, path, body, List.of(headers), expected, text);
    }

    private static String put(String key) {
        return "{\"op\":\"put\",\"key\":\"" + key + "\",\"text\":\"x\"}";
    }

    /** Asks again after a 503, which says that nothing was changed: on a busy machine leaders come and go. */
    private static Answer answer(
            Api api, ServerProcess store, String method, String path, String body, String... headers) {
        return Awaitility.await(method + " " + path)
                .atMost(LocalCluster.WAIT_MAX)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(200))
                .until(
                        () -> api.send(store, method, path, BodyPublishers.ofString(body), headers),
                        answer -> answer.status() != 503);
    }

    /** Asks a process for all of it; {@code tag} must not have been used before. */
    static void check(String tag, List<Step> rows, Api api, ServerProcess store) {
        String key = "{" + tag + "}";
        String etag = "";
        String token = "";
        List<String> wrong = new ArrayList<>();
        for (Step step : rows) {
            List<String> headers = new ArrayList<>();
            for (String header : step.headers()) {
                headers.add(header.replace("$etag", etag)
                        .replace("$token", token)
                        .replaceFirst("^T(?=[-/])", Matcher.quoteReplacement(key)));
            }
            String path = step.path().replaceAll("(?<=[/=])T(?=[/k])", "%7B" + tag + "%7D");
            String name = step.method() + " " + (path.length() > 100 ? path.substring(0, 100) : path);
            if (step.method().equals("STREAM")) {
                String begun = api.beginning(store, path, step.text());
                if (!begun.contains(step.text())) {
                    wrong.add(name + ": " + begun);
                }
                continue;
            }
            String body = step.body().replace("\"T/", "\"" + key + "/");
            Answer answer = answer(api, store, step.method(), path, body, headers.toArray(String[]::new));
            String seen = step.expected().length() > 3 ? answer.problem() : Integer.toString(answer.status());
            if (!seen.equals(step.expected()) || !answer.text().contains(step.text())) {
                wrong.add(name + " " + headers + ": " + answer.status() + " " + answer.text() + ", expected "
                        + step.expected() + " " + step.text());
            }
            etag = answer.etag().isEmpty() ? etag : answer.etag();
            Matcher found = TOKEN.matcher(answer.text());
            token = answer.status() == 200 && found.find() ? found.group(1) : token;
        }
        assertThat(wrong).as("rows through %s", store.name()).isEmpty();
    }
}
