package dev.ashlar.coordinator.health;

import java.util.Map;
import java.util.function.ToDoubleFunction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;

import dev.ashlar.coordinator.boot.CoordinatorNode;
import dev.ashlar.coordinator.state.Presence;

/** The numbers of a coordinator, each 0 while the group is not formed. */
@ApplicationScoped
public class Gauges {
    private final CoordinatorNode node;
    private final MeterRegistry registry;

    @Inject
    Gauges(CoordinatorNode node, MeterRegistry registry) {
        this.node = node;
        this.registry = registry;
    }

    void register(@Observes StartupEvent started) {
        gauge(
                "ashlar_coordinator_leads",
                "1 while this coordinator leads",
                r -> r.group().leads() ? 1 : 0);
        gauge("ashlar_coordinator_term", "Raft term", r -> r.group().status().term());
        gauge("ashlar_coordinator_applied_index", "Applied log index", r -> r.group()
                .status()
                .appliedIndex());
        gauge(
                "ashlar_coordinator_disk_full",
                "1 while the disk takes no more",
                r -> r.group().diskFull() ? 1 : 0);
        gauge("ashlar_coordinator_events", "Id of the newest event", r -> r.group()
                .journal()
                .newestId());
        gauge(
                "ashlar_map_epoch",
                "Epoch of the shard map",
                r -> r.group().state().meta().mapEpoch());
        gauge(
                "ashlar_shards",
                "Shards that are placed",
                r -> r.group().state().shards().size());
        gauge(
                "ashlar_operators",
                "Running operators",
                r -> r.group().state().operators().size());
        gauge(
                "ashlar_replicas_damaged",
                "Replicas that differ from the others or whose bytes are damaged, as the leader has found",
                r -> r.control()
                        .observed()
                        .map(observed -> observed.damaged().values().stream()
                                .mapToInt(Map::size)
                                .sum())
                        .orElse(0));
        for (Presence presence : Presence.values()) {
            Gauge.builder(
                            "ashlar_stores",
                            node,
                            n -> read(n, r -> r.group().state().stores().values().stream()
                                    .filter(store -> store.presence() == presence)
                                    .count()))
                    .description("Stores by presence")
                    .tag("presence", presence.name().toLowerCase(java.util.Locale.ROOT))
                    .register(registry);
        }
    }

    private void gauge(String name, String description, ToDoubleFunction<CoordinatorNode.Running> value) {
        Gauge.builder(name, node, n -> read(n, value)).description(description).register(registry);
    }

    private static double read(CoordinatorNode node, ToDoubleFunction<CoordinatorNode.Running> value) {
        return node.running().map(value::applyAsDouble).orElse(0.0);
    }
}
