package dev.ashlar.store.lock;

import java.util.Set;

import dev.ashlar.common.Limits;
import dev.ashlar.store.http.JsonFields;
import dev.ashlar.store.http.JsonText;
import dev.ashlar.store.kv.KvCommand;
import dev.ashlar.store.kv.KvResult;

/** Requests for locks and their answers as JSON. Pure. */
final class LockJson {
    private static final Set<String> ACQUIRE = Set.of("owner", "ttl", "wait");
    private static final Set<String> RELEASE = Set.of("owner");
    private static final long TTL_MS_DEFAULT = 30_000;

    /** @param waitMs how long to try */
    record Wanted(KvCommand.Lock lock, long waitMs) {}

    private LockJson() {}

    static Wanted acquire(String name, byte[] body) {
        JsonFields fields = JsonFields.parse(body, "the request", ACQUIRE);
        long ttlMs = fields.durationMs("ttl", Limits.TTL_MS_MIN, Limits.LOCK_TTL_MS_MAX, TTL_MS_DEFAULT);
        return new Wanted(
                new KvCommand.Lock(name, fields.text("owner"), ttlMs),
                fields.durationMs("wait", 0, Limits.WAIT_MS_MAX, 0));
    }

    static KvCommand.Unlock release(String name, byte[] body) {
        return new KvCommand.Unlock(
                name, JsonFields.parse(body, "the request", RELEASE).text("owner"));
    }

    static String held(KvCommand.Lock lock, KvResult.LockHeld held, int shard) {
        StringBuilder out = new StringBuilder("{\"name\":");
        JsonText.quote(out, lock.name());
        out.append(",\"owner\":");
        JsonText.quote(out, lock.owner());
        return out.append(",\"fencing_token\":")
                .append(held.token())
                .append(",\"acquired\":")
                .append(held.acquired())
                .append(",\"ttl_ms\":")
                .append(lock.ttlMs())
                .append(",\"shard\":")
                .append(shard)
                .append("}\n")
                .toString();
    }

    /** What a refusal says beside the problem: who holds it, and for how long at most. */
    static String holder(KvResult.LockRefused refused) {
        StringBuilder out = new StringBuilder("\"owner\":");
        JsonText.quote(out, refused.owner());
        return out.append(",\"fencing_token\":")
                .append(refused.token())
                .append(",\"expires_in_ms\":")
                .append(refused.leftMs())
                .toString();
    }
}
