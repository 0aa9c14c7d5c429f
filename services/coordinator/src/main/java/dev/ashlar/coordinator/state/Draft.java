package dev.ashlar.coordinator.state;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.ashlar.common.Limits;
import dev.ashlar.common.cluster.Event;

/**
 * The state that one command is making of another, with the events it causes; thrown away when the command is refused. The maps
 * are for the command to change. Numbers only move on: what was taken is never given again.
 *
 * <p>Pure, for one command: its events bear the command's time. Sorted maps only (S3).
 */
final class Draft {
    final SortedMap<String, StoreRecord> stores;
    final SortedMap<Integer, ShardRecord> shards;
    final SortedMap<Long, OperatorRecord> operators;

    private final ClusterState before;
    private final long atMs;
    private final List<Event> events = new ArrayList<>();
    private String clusterId;
    private int formatVersion;
    private Settings settings;
    private long mapEpoch;
    private long nextOrder;
    private long nextEvent;

    Draft(ClusterState before, long atMs) {
        this.before = before;
        this.atMs = atMs;
        this.stores = new TreeMap<>(before.stores());
        this.shards = new TreeMap<>(before.shards());
        this.operators = new TreeMap<>(before.operators());
        ClusterState.Meta meta = before.meta();
        this.clusterId = meta.clusterId();
        this.formatVersion = meta.formatVersion();
        this.settings = meta.settings();
        this.mapEpoch = meta.mapEpoch();
        this.nextOrder = meta.nextOrder();
        this.nextEvent = meta.nextEvent();
    }

    /** The state that the command met. */
    ClusterState before() {
        return before;
    }

    /** The state as far as it is made. */
    ClusterState after() {
        return new ClusterState(
                new ClusterState.Meta(clusterId, formatVersion, mapEpoch, settings, nextOrder, nextEvent),
                stores,
                shards,
                operators);
    }

    List<Event> events() {
        return events;
    }

    void form(String id, int format, Settings fixed) {
        clusterId = id;
        formatVersion = format;
        settings = fixed;
    }

    void finalizeAt(int format) {
        formatVersion = format;
    }

    /** The shard map, or a store's address, is another one. */
    void mapChanged() {
        mapEpoch++;
    }

    long takeOrder() {
        return nextOrder++;
    }

    void event(String kind, String subject, String reason) {
        String cut = reason.length() > Limits.EVENT_REASON_CHARS_MAX
                ? reason.substring(0, Limits.EVENT_REASON_CHARS_MAX)
                : reason;
        events.add(new Event(nextEvent++, atMs, kind, subject, cut));
    }
}
