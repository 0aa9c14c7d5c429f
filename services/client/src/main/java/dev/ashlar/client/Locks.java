package dev.ashlar.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

import dev.ashlar.client.error.AshlarException;
import dev.ashlar.client.http.Answer;
import dev.ashlar.client.http.Call;
import dev.ashlar.client.http.Json;
import dev.ashlar.client.http.Paths;
import dev.ashlar.client.http.Problem;

/**
 * Calls for locks.
 *
 * <ol>
 *   <li>Waiting is done in slices, so that each request is short and a store that stops in between does not matter.
 *   <li>A try that is repeated is asked by the same owner, so it gets the same lock under the same token.
 *   <li>A renewal that comes back with another token was too late: the lock had run out, and another may have held it. What it
 *       acquired is released.
 * </ol>
 */
final class Locks {
    private static final long SLICE_MS_MAX = 30_000;
    private static final int REFUSED = 409;
    private static final int NOT_FOUND = 404;

    private final Sender sender;
    private final long sliceMsMax;

    Locks(Sender sender, Duration timeout) {
        this.sender = sender;
        this.sliceMsMax = Math.clamp(timeout.toMillis() / 4, 100, SLICE_MS_MAX);
    }

    Optional<HeldLock> acquire(String name, String owner, Duration ttl, Duration wait) {
        long endNanos = System.nanoTime() + wait.toNanos();
        while (true) {
            long nowNanos = System.nanoTime();
            long leftMs = Math.max(0, (endNanos - nowNanos) / 1_000_000);
            Answer answer = ask(name, owner, ttl, Math.min(sliceMsMax, leftMs));
            if (answer.ok()) {
                return Optional.of(new HeldLock(this, new Fence(name, token(answer)), owner, ttl, nowNanos));
            }
            if (answer.status() != REFUSED) {
                throw Problem.of(answer);
            }
            if (leftMs <= sliceMsMax) {
                return Optional.empty();
            }
        }
    }

    boolean renew(HeldLock lock, Duration ttl) {
        Answer answer = ask(lock.name(), lock.owner(), ttl, 0);
        if (answer.ok()) {
            if (token(answer) == lock.fencingToken()) {
                return true;
            }
            release(lock);
            return false;
        }
        if (answer.status() == REFUSED) {
            return false;
        }
        throw Problem.of(answer);
    }

    boolean release(HeldLock lock) {
        Answer answer = sender.send(
                new Call(
                        "DELETE",
                        Paths.lock(lock.name()),
                        Sender.JSON,
                        Optional.of(json(Map.of("owner", lock.owner())))),
                lock.name());
        if (answer.ok()) {
            return true;
        }
        if (answer.status() == REFUSED || answer.status() == NOT_FOUND) {
            return false;
        }
        throw Problem.of(answer);
    }

    private Answer ask(String name, String owner, Duration ttl, long waitMs) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("owner", owner);
        body.put("ttl", ttl.toMillis() + "ms");
        body.put("wait", waitMs + "ms");
        return sender.send(new Call("POST", Paths.lock(name), Sender.JSON, Optional.of(json(body))), name);
    }

    private static byte[] json(Map<String, ?> body) {
        return Json.line(body).getBytes(StandardCharsets.UTF_8);
    }

    private static long token(Answer answer) {
        JsonNode token = Json.tree(answer).path("fencing_token");
        if (!token.canConvertToLong() || token.asLong() < 1) {
            throw new AshlarException("not_understood", answer.status(), "a lock was granted without a token.");
        }
        return token.asLong();
    }
}
