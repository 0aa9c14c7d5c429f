package dev.ashlar.coordinator.control;

import java.util.List;

import dev.ashlar.common.cluster.ShardInfo;
import dev.ashlar.common.cluster.StoreInfo;

/**
 * Shards and stores as heartbeats bring them, with a number by which a store says what it has: in a cluster at rest nothing
 * of it changes for hours, and it is most of an answer.
 *
 * <ol>
 *   <li>Another number whenever anything has changed, but for the time since a store was heard: that always has.
 *   <li>The term is in the number, so that two leaders never give one number to two views. A new leader begins anew.
 *   <li>0 is no view: a store that has none yet, or is of a version that does not tell.
 * </ol>
 */
record NumberedView(long number, List<ShardInfo> shards, List<StoreInfo> stores) {
    private static final int COUNT_BITS = 32;

    /** Before anything is known, in this term. */
    static NumberedView first(int term) {
        return new NumberedView((long) term << COUNT_BITS, List.of(), List.of());
    }

    /** This one, or the next when something is different. */
    NumberedView next(List<ShardInfo> shardsNow, List<StoreInfo> storesNow) {
        return shards.equals(shardsNow) && untimed(stores).equals(untimed(storesNow))
                ? this
                : new NumberedView(number + 1, shardsNow, storesNow);
    }

    private static List<StoreInfo> untimed(List<StoreInfo> stores) {
        return stores.stream().map(NumberedView::untimed).toList();
    }

    private static StoreInfo untimed(StoreInfo store) {
        return new StoreInfo(
                store.name(),
                store.diskId(),
                store.zone(),
                store.state(),
                store.incarnation(),
                store.httpAddress(),
                store.peerAddress(),
                store.version(),
                Math.min(0, store.lastSeenMsAgo()),
                store.leaders(),
                store.replicas(),
                store.dataBytes(),
                store.alarms());
    }
}
