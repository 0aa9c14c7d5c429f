package dev.ashlar.coordinator.control;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import dev.ashlar.common.cluster.OrderResult;
import dev.ashlar.common.cluster.ShardInfo;
import dev.ashlar.common.cluster.StoreInfo;
import dev.ashlar.coordinator.membership.Observations;

/** One leadership of this coordinator: what it has seen since, and what it has proposed. Ends with the term. */
final class Session {
    private static final int RESULTS_MAX = 1_024;

    private final int term;
    private final Observations observations;
    private final Map<Long, String> journalled = new LinkedHashMap<>();
    private final Set<String> damageTold = new HashSet<>();
    private NumberedView view;
    private CompletableFuture<Void> inFlight = CompletableFuture.completedFuture(null);

    Session(int term, long nowMs) {
        this.term = term;
        this.observations = new Observations(nowMs);
        this.view = NumberedView.first(term);
    }

    int term() {
        return term;
    }

    Observations observations() {
        return observations;
    }

    /** Whether everything proposed has been decided; only then is the state what the next decision can be made from. */
    synchronized boolean idle() {
        return inFlight.isDone();
    }

    synchronized void proposed(List<CompletableFuture<?>> outcomes) {
        inFlight = CompletableFuture.allOf(outcomes.toArray(CompletableFuture[]::new));
    }

    /** What stores are told of the cluster, with a number that is another one when it has changed. */
    synchronized NumberedView view(List<ShardInfo> shards, List<StoreInfo> stores) {
        view = view.next(shards, stores);
        return view;
    }

    /** Whether this leader has not told of a damaged replica yet. */
    synchronized boolean isNews(int shard, long replica) {
        return damageTold.add(shard + "#" + replica);
    }

    /** Whether a failed result is news: stores are told an order again with every heartbeat, and fail it again. */
    synchronized boolean isNews(OrderResult result) {
        boolean news = !result.detail().equals(journalled.put(result.id(), result.detail()));
        if (journalled.size() > RESULTS_MAX) {
            journalled.remove(journalled.keySet().iterator().next());
        }
        return news;
    }
}
