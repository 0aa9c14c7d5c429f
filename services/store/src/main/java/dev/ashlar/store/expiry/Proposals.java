package dev.ashlar.store.expiry;

import java.io.IOException;
import java.util.List;

import dev.ashlar.store.kv.KvCommand;
import dev.ashlar.store.kv.KvReader;

/**
 * What the leader of a shard proposes in one round.
 *
 * <ol>
 *   <li>What is due.
 *   <li>Else, while something has a time to live and the log has not heard of the leader's time for {@link #STAMP_MS}: the
 *       expiry of one of them <em>before</em> its time. When it is applied it is refused and takes no revision, but its
 *       stamp moves the time of the shard, from which the next leader goes on. Without it a new leader would begin where
 *       the last write stands, and a ttl on an idle shard might never end while leaders come and go.
 *   <li>Else nothing: a shard without a time to live costs nothing, and one that is written to tells its time anyway.
 * </ol>
 *
 * <p>A leader's time runs no faster than time does, so a stamp never makes anything go early. Pure but for what it reads.
 */
final class Proposals {
    /** How much of its time a shard may lose with a leader, in milliseconds. */
    static final long STAMP_MS = 3_000;

    private Proposals() {}

    static List<KvCommand> of(KvReader kv, long nowMs, int max) throws IOException {
        long nextMs = kv.nextExpiryMs();
        if (nextMs <= nowMs) {
            return kv.dueExpiries(nowMs, max);
        }
        boolean silent = nowMs - kv.timeMs() >= STAMP_MS;
        return nextMs != Long.MAX_VALUE && silent ? kv.dueExpiries(nextMs, 1) : List.of();
    }
}
