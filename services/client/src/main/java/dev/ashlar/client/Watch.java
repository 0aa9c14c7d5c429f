package dev.ashlar.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;

import dev.ashlar.client.error.AshlarException;
import dev.ashlar.client.http.EventStream;
import dev.ashlar.client.http.Json;
import dev.ashlar.common.error.ErrorCode;

/**
 * Changes as they happen, each once, in the order of its shard. A thread of its own reads ahead a little; when a connection
 * ends it goes on at another store, right after the last event. When the caller is slower than the changes for too long, or
 * comes back with a cursor that is too old, it ends with {@code compacted}: open a new watch, then list what there is, then
 * take from the watch what has a higher revision.
 *
 * <p>One thread takes changes; any may close it.
 */
public final class Watch implements AutoCloseable {
    private static final int AHEAD_EVENTS_MAX = 256;

    /** What the reader hands over. */
    private sealed interface Told {}

    private record Happened(Change change) implements Told {}

    private record Ended(RuntimeException why) implements Told {}

    private final EventStream stream;
    private final BlockingQueue<Told> told = new ArrayBlockingQueue<>(AHEAD_EVENTS_MAX);
    private final Thread reader;
    private volatile String cursor;

    Watch(EventStream stream, String cursor) {
        this.stream = stream;
        this.cursor = cursor;
        this.reader = Thread.ofVirtual().name("ashlar-watch").start(this::read);
    }

    /** The next change; empty when none comes in time. Throws when the watch cannot go on. */
    public Optional<Change> poll(Duration limit) throws InterruptedException {
        return switch (told.poll(limit.toNanos(), TimeUnit.NANOSECONDS)) {
            case null -> Optional.empty();
            case Happened(Change change) -> {
                cursor = change.cursor();
                yield Optional.of(change);
            }
            case Ended(RuntimeException why) -> {
                // For who asks again.
                told.offer(new Ended(why));
                throw why;
            }
        };
    }

    /** Where to go on after the last change that was taken; before the first one where it began, empty until that is known. */
    public String cursor() {
        return cursor;
    }

    private void read() {
        try {
            stream.read(event -> {
                switch (event.name()) {
                    case "put", "delete" -> hand(new Happened(change(event)));
                    case "resync", "refused" -> {
                        JsonNode why = tree(event);
                        String code = why.path("code").asText();
                        // The store had no room for a slow client; the stream goes on at the last cursor.
                        if (!code.equals(ErrorCode.TOO_MANY_REQUESTS.code())) {
                            throw new AshlarException(
                                    code, 0, why.path("detail").asText());
                        }
                    }
                    default -> {
                        // The beginning, or a word of a newer server.
                        if (cursor.isEmpty()) {
                            cursor = event.id();
                        }
                    }
                }
            });
        } catch (RuntimeException ended) {
            hand(new Ended(ended));
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private void hand(Told next) {
        try {
            told.put(next);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private static Change change(EventStream.Event event) {
        JsonNode data = tree(event);
        Entry entry = Pages.entry(data);
        return new Change(
                entry.key(),
                event.name().equals("put") ? Optional.of(entry) : Optional.empty(),
                entry.revision(),
                data.path("shard").asInt(),
                event.id());
    }

    private static JsonNode tree(EventStream.Event event) {
        try {
            return Json.read(event.data().getBytes(StandardCharsets.UTF_8), JsonNode.class);
        } catch (IOException notJson) {
            throw new AshlarException("not_understood", 0, "an event cannot be read: " + event.data());
        }
    }

    /** Ends it. */
    @Override
    public void close() {
        reader.interrupt();
        stream.close();
    }
}
