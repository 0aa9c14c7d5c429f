package dev.ashlar.store.health;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.StartupEvent;

import dev.ashlar.store.boot.StoreNode;
import dev.ashlar.store.replica.Replica;
import dev.ashlar.store.replica.Replicas;

/** Figures of the store and of each replica. The rows of replicas are renewed every few seconds, since replicas come and go. */
@Singleton
public class StoreGauges {
    private static final long RENEW_S = 5;

    private final Replicas replicas;
    private final MultiGauge revisions;
    private final MultiGauge lags;
    private final MultiGauge leads;
    private final MultiGauge hasLeader;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("gauges").factory());

    @Inject
    StoreGauges(MeterRegistry registry, Replicas replicas, StoreNode node) {
        this.replicas = replicas;
        revisions = MultiGauge.builder("ashlar_shard_revision")
                .description("Revision of the shard that readers of this replica see")
                .register(registry);
        lags = MultiGauge.builder("ashlar_shard_lag_entries")
                .description("Committed entries that this replica has not applied")
                .register(registry);
        leads = MultiGauge.builder("ashlar_shard_leads")
                .description("1 when this replica leads its shard")
                .register(registry);
        hasLeader = MultiGauge.builder("ashlar_shard_has_leader")
                .description("1 when this replica knows a leader of its shard")
                .register(registry);
        Gauge.builder("ashlar_disk_free_bytes", node, StoreNode::diskFreeBytes)
                .description("Free space of the disk with the data")
                .register(registry);
        Gauge.builder("ashlar_alarm", replicas, all -> all.diskFull() ? 1 : 0)
                .description("1 while the alarm is raised")
                .tag("name", "disk_full")
                .register(registry);
        Gauge.builder("ashlar_alarm", replicas, all -> all.problems().isEmpty() ? 0 : 1)
                .description("1 while the alarm is raised")
                .tag("name", "replica_unusable")
                .register(registry);
        Gauge.builder("ashlar_alarm", replicas, all -> all.damaged().isEmpty() ? 0 : 1)
                .description("1 while the alarm is raised")
                .tag("name", "replica_damaged")
                .register(registry);
    }

    void start(@Observes StartupEvent started) {
        var unused = timer.scheduleWithFixedDelay(this::renew, RENEW_S, RENEW_S, TimeUnit.SECONDS);
    }

    @PreDestroy
    void stop() {
        timer.shutdownNow();
    }

    private void renew() {
        List<Replica> all = replicas.all();
        List<MultiGauge.Row<?>> revision = new ArrayList<>();
        List<MultiGauge.Row<?>> lag = new ArrayList<>();
        List<MultiGauge.Row<?>> lead = new ArrayList<>();
        List<MultiGauge.Row<?>> leader = new ArrayList<>();
        for (Replica replica : all) {
            Tags tags = Tags.of("shard", Integer.toString(replica.shard()));
            revision.add(MultiGauge.Row.of(tags, replica.kv().revision()));
            lag.add(MultiGauge.Row.of(tags, replica.lagEntries()));
            lead.add(MultiGauge.Row.of(tags, replica.leads() ? 1 : 0));
            leader.add(MultiGauge.Row.of(tags, replica.leaderNode().isEmpty() ? 0 : 1));
        }
        revisions.register(revision, true);
        lags.register(lag, true);
        leads.register(lead, true);
        hasLeader.register(leader, true);
    }
}
