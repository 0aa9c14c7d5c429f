package dev.ashlar.store.forward;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;

/**
 * The requests of one event loop that other stores have not answered yet.
 *
 * <p>A store that is cut off, or stands still, answers nothing, and its connections look alive. When its shard gets another
 * leader meanwhile, it can answer only what was decided before: it is given {@link #GRACE_MS} for that, then the answer counts as
 * lost and the connection is closed. A leader that hands over in order answers far sooner.
 *
 * <p>Not thread-safe: one event loop. Nothing runs while nothing is awaited.
 */
final class AwaitedAnswers {
    /** How long a store may still answer after its shard has got another leader, in milliseconds. */
    static final long GRACE_MS = 1_000;

    private static final long LOOK_MS = 250;

    private final Vertx vertx;
    private final Leaders leaders;
    private final Set<Awaited> awaited = new LinkedHashSet<>();
    private boolean looking;

    AwaitedAnswers(Vertx vertx, Leaders leaders) {
        this.vertx = vertx;
        this.leaders = leaders;
    }

    /** Until {@link #done}. */
    Awaited add(HttpClientRequest request, int shard, String address) {
        Awaited added = new Awaited(request, shard, address, leaders.node(shard));
        awaited.add(added);
        lookLater();
        return added;
    }

    void done(Awaited answered) {
        awaited.remove(answered);
    }

    private void lookLater() {
        if (!looking && !awaited.isEmpty()) {
            looking = true;
            vertx.setTimer(LOOK_MS, now -> look());
        }
    }

    private void look() {
        looking = false;
        long nowNanos = System.nanoTime();
        for (Awaited one : List.copyOf(awaited)) {
            if (!leaders.hasMovedFrom(one.shard, one.address, one.leaderBefore)) {
                one.elsewhere = false;
            } else if (!one.elsewhere) {
                one.elsewhere = true;
                one.sinceNanos = nowNanos;
            } else if (nowNanos - one.sinceNanos >= GRACE_MS * 1_000_000) {
                awaited.remove(one);
                one.request.reset();
            }
        }
        lookLater();
    }

    /** One request; compared by identity. */
    static final class Awaited {
        private final HttpClientRequest request;
        private final int shard;
        private final String address;
        private final String leaderBefore;
        private boolean elsewhere;
        private long sinceNanos;

        private Awaited(HttpClientRequest request, int shard, String address, String leaderBefore) {
            this.request = request;
            this.shard = shard;
            this.address = address;
            this.leaderBefore = leaderBefore;
        }
    }
}
