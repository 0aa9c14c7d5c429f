package dev.ashlar.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;

import dev.ashlar.client.error.AshlarException;
import dev.ashlar.client.error.PreconditionFailedException;
import dev.ashlar.client.error.UnknownOutcomeException;
import dev.ashlar.client.error.UnreachableException;
import dev.ashlar.client.http.Answer;
import dev.ashlar.client.http.Call;
import dev.ashlar.client.http.EventStream;
import dev.ashlar.client.http.Json;
import dev.ashlar.client.http.Paths;
import dev.ashlar.client.http.Problem;

/**
 * A client of a cluster (the package says how it works). Calls block; threads may share it.
 *
 * <p>Every call may throw {@link AshlarException} with a stable code: nothing was done then, unless it is an
 * {@link UnknownOutcomeException}. {@link UnreachableException}: nobody could be asked. A thread that is interrupted in a
 * call gets {@code interrupted} (or an unknown outcome), and stays interrupted.
 */
public final class AshlarClient implements AutoCloseable {
    static final String TEXT = "text/plain;charset=UTF-8";
    private static final int NOT_FOUND = 404;

    private final Sender sender;
    private final Locks locks;

    AshlarClient(Sender sender) {
        this.sender = sender;
        this.locks = new Locks(sender, sender.connection().timeout());
    }

    public static AshlarClientBuilder builder() {
        return new AshlarClientBuilder();
    }

    /** The key, linearizable; empty when there is no such key. */
    public Optional<Entry> get(String key) {
        return get(key, Consistency.LINEARIZABLE);
    }

    /** The key as fresh as is asked for. */
    public Optional<Entry> get(String key, Consistency consistency) {
        Map<String, String> query = new LinkedHashMap<>();
        if (consistency instanceof Consistency.Stale(Optional<Duration> max)) {
            query.put("consistency", "stale");
            max.ifPresent(limit -> query.put("max_staleness", limit.toMillis() + "ms"));
        }
        Call call = Call.get(Paths.key(key) + Paths.query(query));
        Answer answer = consistency instanceof Consistency.Stale ? sender.send(call) : sender.send(call, key);
        if (answer.status() == NOT_FOUND && Problem.of(answer).code().equals("not_found")) {
            return Optional.empty();
        }
        succeeded(answer);
        return Optional.of(new Entry(key, answer.body(), answer.revision(), answer.header("Content-Type")));
    }

    /** Writes a text, as UTF-8. */
    public Written put(String key, String text) {
        return put(key, text.getBytes(StandardCharsets.UTF_8), WriteOptions.NONE.contentType(TEXT));
    }

    /** Writes up to 1 MiB. */
    public Written put(String key, byte[] value) {
        return put(key, value, WriteOptions.NONE);
    }

    /** Writes on terms; throws {@link PreconditionFailedException} with the present revision when they do not hold. */
    public Written put(String key, byte[] value, WriteOptions options) {
        String query = options.ttl()
                .map(ttl -> Paths.query(Map.of("ttl", ttl.toMillis() + "ms")))
                .orElse("");
        Map<String, String> headers = options.headers("put", true, true);
        Answer answer =
                succeeded(sender.send(new Call("PUT", Paths.key(key) + query, headers, Optional.of(value)), key));
        JsonNode done = Json.tree(answer);
        return new Written(
                key,
                done.path("revision").asLong(),
                answer.status() == 201,
                done.path("shard").asInt());
    }

    /** Deletes a key; the revision of the deletion, or empty when there was no such key. */
    public OptionalLong delete(String key) {
        return delete(key, WriteOptions.NONE);
    }

    /** Deletes a key on terms; throws {@link PreconditionFailedException} with the present revision when they do not hold. */
    public OptionalLong delete(String key, WriteOptions options) {
        Map<String, String> headers = options.headers("delete", true, false);
        Answer answer = sender.send(new Call("DELETE", Paths.key(key), headers, Optional.empty()), key);
        if (answer.status() == NOT_FOUND && Problem.of(answer).code().equals("not_found")) {
            return OptionalLong.empty();
        }
        String revision = succeeded(answer).header("Ashlar-Revision");
        return OptionalLong.of(revision.matches("\\d{1,18}") ? Long.parseLong(revision) : 0);
    }

    /** Entries in the order of their keys, fetched page by page as the stream is read. For one thread. */
    public Stream<Entry> scan(Scan scan) {
        return StreamSupport.stream(
                new Pages(cursor ->
                        Json.tree(succeeded(sender.send(Call.get("/v1/kv" + Paths.query(scan.query(cursor))))))),
                false);
    }

    /** Deletes every key that begins with this prefix, which is not empty. */
    public RangeDeleted deletePrefix(String prefix) {
        Map<String, String> headers = WriteOptions.NONE.headers("deletePrefix", false, false);
        JsonNode done = Json.tree(succeeded(sender.send(
                new Call("DELETE", "/v1/kv" + Paths.query(Map.of("prefix", prefix)), headers, Optional.empty()))));
        return new RangeDeleted(
                done.path("deleted").asLong(), done.path("atomic").asBoolean());
    }

    /** Runs a transaction. That a compare did not hold is a result, not an exception. */
    public TxnResult txn(Txn txn) {
        return txn(txn, WriteOptions.NONE);
    }

    /** The same, fenced or under an idempotency key of the caller's. */
    public TxnResult txn(Txn txn, WriteOptions options) {
        Map<String, String> headers = options.headers("a transaction", false, false);
        headers.putAll(Sender.JSON);
        byte[] body = Json.line(txn.json()).getBytes(StandardCharsets.UTF_8);
        return result(
                Json.tree(succeeded(sender.send(new Call("POST", "/v1/txn", headers, Optional.of(body)), txn.key()))));
    }

    /**
     * Acquires a lock for 1 s to 1 h; waits for it up to {@code wait}, empty when another holds it all the time. An outcome
     * that is unknown may leave it held until its time runs out.
     */
    public Optional<HeldLock> lock(String name, Duration ttl, Duration wait) {
        return lock(name, UUID.randomUUID().toString(), ttl, wait);
    }

    /** The same by a named owner, who gets it again, under the same token, while holding it: to be told apart by the caller. */
    public Optional<HeldLock> lock(String name, String owner, Duration ttl, Duration wait) {
        return locks.acquire(name, owner, ttl, wait);
    }

    /** Tells every change below a prefix (every change when it is empty) from now on. To be closed. */
    public Watch watch(String prefix) {
        return watch(prefix, "");
    }

    /** The same from after a cursor. */
    public Watch watch(String prefix, String cursor) {
        Map<String, String> query = new LinkedHashMap<>();
        if (!prefix.isEmpty()) {
            query.put("prefix", prefix);
        }
        if (!cursor.isEmpty()) {
            query.put("from", cursor);
        }
        return new Watch(new EventStream(sender.connection(), "/v1/watch" + Paths.query(query)), cursor);
    }

    private static Answer succeeded(Answer answer) {
        if (!answer.ok()) {
            throw Problem.of(answer);
        }
        return answer;
    }

    private static TxnResult result(JsonNode done) {
        List<TxnResult.Step> steps = new ArrayList<>();
        for (JsonNode step : done.path("results")) {
            String key = step.path("key").asText();
            long revision = step.path("revision").asLong();
            steps.add(
                    switch (step.path("op").asText()) {
                        case "put" ->
                            new TxnResult.Put(
                                    key, revision, step.path("created").asBoolean());
                        case "delete" ->
                            new TxnResult.Deleted(
                                    key,
                                    step.path("deleted").asBoolean()
                                            ? OptionalLong.of(revision)
                                            : OptionalLong.empty());
                        default ->
                            new TxnResult.Got(
                                    key,
                                    step.path("found").asBoolean() ? Optional.of(Pages.entry(step)) : Optional.empty());
                    });
        }
        return new TxnResult(
                done.path("succeeded").asBoolean(),
                List.copyOf(steps),
                done.path("revision").asLong());
    }

    /** Ends what is under way. Watches and locks have to be closed by themselves. */
    @Override
    public void close() {
        sender.close();
    }
}
