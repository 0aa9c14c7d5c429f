package dev.ashlar.store.membership;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

import org.jboss.logging.Logger;

import dev.ashlar.common.Limits;
import dev.ashlar.common.cluster.HeartbeatRequest;
import dev.ashlar.common.cluster.HeartbeatResponse;
import dev.ashlar.common.cluster.Notice;
import dev.ashlar.common.cluster.OrderResult;
import dev.ashlar.common.cluster.RegisterRequest;
import dev.ashlar.common.cluster.RegisterResponse;
import dev.ashlar.store.replica.ReplicaReports;
import dev.ashlar.store.replica.Replicas;

/**
 * The life of a store in its cluster.
 *
 * <ol>
 *   <li>Register, for as long as it takes: 0.1 s to 5 s between tries, each with some randomness.
 *   <li>Refuse a coordinator of another cluster: this disk's data would be voted on by strangers.
 *   <li>Each heartbeat tells of every replica and takes the map and the orders.
 *   <li>{@code fenced}: a newer process has this name; tell the owner, who ends this one (S5).
 *   <li>No coordinator: go on serving, keep trying.
 * </ol>
 *
 * <p>One platform thread, since it blocks and drives the engine's native code.
 */
final class MembershipAgent implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(MembershipAgent.class);
    private static final long BACKOFF_MIN_MS = 100;
    private static final long BACKOFF_MAX_MS = 5_000;
    private static final String REGISTER = "/internal/v1/stores/register";
    private static final String HEARTBEAT = "/internal/v1/stores/heartbeat";

    /** What the agent asks of the process that it lives in. All calls come on the agent's thread. */
    interface Owner {
        /** Registered: open the replicas. Called once. */
        void registered(RegisterResponse response) throws IOException;

        /** This process may not go on; the message says why. */
        void stop(String message);

        /** What a heartbeat tells besides the replicas. */
        Vitals vitals();

        /** The cluster is finalized at this data format; 0 when the coordinator does not tell. */
        void format(int finalized);
    }

    private final RegisterRequest identity;
    private final CoordinatorClient coordinators;
    private final ClusterMap map;
    private final Replicas replicas;
    private final OrderRunner orders;
    private final Owner owner;
    private final Thread thread;
    private final Queue<Notice> notices = new ConcurrentLinkedQueue<>();
    private volatile Registration registration = Registration.NONE;
    private volatile Optional<Advice> advice = Optional.empty();
    private volatile boolean closed;

    MembershipAgent(
            RegisterRequest identity, CoordinatorClient coordinators, ClusterMap map, Replicas replicas, Owner owner) {
        this.identity = identity;
        this.coordinators = coordinators;
        this.map = map;
        this.replicas = replicas;
        this.owner = owner;
        this.orders = new OrderRunner(replicas);
        this.thread = Thread.ofPlatform().daemon().name("membership").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    Registration registration() {
        return registration;
    }

    /** What the last answered heartbeat brought; empty before the first. */
    Optional<Advice> advice() {
        return advice;
    }

    /** Has a notice told to the coordinators; dropped when too many wait already. */
    void tell(Notice notice) {
        if (notices.size() < Limits.NOTICES_MAX) {
            notices.add(notice);
        }
    }

    /** Sends no more heartbeats and takes no more orders. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        orders.close();
    }

    private void run() {
        try {
            RegisterResponse response = untilRegistered(() -> !closed);
            if (response == null) {
                return;
            }
            owner.registered(response);
            heartbeats(response);
        } catch (InterruptedException stopping) {
            LOG.debug("the membership agent stops");
        } catch (IOException | RuntimeException unusable) {
            if (!closed) {
                LOG.debug("the store cannot start", unusable);
                owner.stop(unusable.getMessage() == null ? unusable.toString() : unusable.getMessage());
            }
        }
    }

    private RegisterResponse untilRegistered(BooleanSupplier wanted) throws InterruptedException, IOException {
        long backoffMs = BACKOFF_MIN_MS;
        String said = "";
        while (wanted.getAsBoolean()) {
            try {
                RegisterResponse response = coordinators.post(REGISTER, identity, RegisterResponse.class);
                checkCluster(response);
                map.registered(response);
                registration = new Registration(true, false, response.incarnation(), coordinators.last(), "");
                LOG.infof(
                        "registered with %s: cluster %s, incarnation %d, %d shards",
                        coordinators.last(), response.clusterId(), response.incarnation(), response.shards());
                return response;
            } catch (CoordinatorClient.UnreachableException e) {
                registration = new Registration(false, false, 0, "", e.getMessage());
                if (!e.getMessage().equals(said)) {
                    said = e.getMessage();
                    LOG.infof("not registered yet, trying on: %s", said);
                }
            }
            Thread.sleep(backoffMs / 2 + ThreadLocalRandom.current().nextLong(backoffMs));
            backoffMs = Math.min(BACKOFF_MAX_MS, backoffMs * 2);
        }
        return null;
    }

    private void checkCluster(RegisterResponse response) throws IOException {
        MapState known = map.state();
        if (!known.clusterId().isEmpty() && !known.clusterId().equals(response.clusterId())) {
            throw new IOException("this disk belongs to cluster " + known.clusterId() + ", the coordinator at "
                    + coordinators.last() + " is of cluster " + response.clusterId()
                    + ". Point ASHLAR_COORDINATORS at the right cluster, or use an empty data directory");
        }
        if (known.shards() != 0 && known.shards() != response.shards()) {
            throw new IOException("this disk belongs to a cluster of " + known.shards()
                    + " shards, the coordinator says " + response.shards());
        }
    }

    private void heartbeats(RegisterResponse registered) throws InterruptedException, IOException {
        long intervalMs = Math.clamp(registered.heartbeatMs(), 100, 10_000);
        while (!closed) {
            try {
                beat(registered.incarnation());
            } catch (CoordinatorClient.UnreachableException e) {
                if (registration.problem().isEmpty()) {
                    LOG.warnf(
                            "no coordinator answers, serving on with the map of epoch %d: %s",
                            map.state().epoch(), e.getMessage());
                }
                registration = new Registration(true, false, registered.incarnation(), "", e.getMessage());
            }
            Thread.sleep(intervalMs);
        }
    }

    private void beat(long incarnation)
            throws CoordinatorClient.UnreachableException, InterruptedException, IOException {
        List<OrderResult> results = orders.results();
        Vitals vitals = owner.vitals();
        List<Notice> told = notices.stream().limit(Limits.NOTICES_MAX).toList();
        HeartbeatRequest request = new HeartbeatRequest(
                identity.name(),
                identity.diskId(),
                incarnation,
                vitals.state(),
                replicas.all().stream().map(ReplicaReports::of).toList(),
                results,
                vitals.alarms(),
                vitals.dataBytes(),
                vitals.diskFreeBytes(),
                vitals.readiness(),
                told,
                replicas.checks());
        HeartbeatResponse response = coordinators.post(HEARTBEAT, request, HeartbeatResponse.class);
        if (response.fenced()) {
            registration = new Registration(true, true, incarnation, coordinators.last(), "");
            closed = true;
            owner.stop("fenced: a newer process runs as " + identity.name() + ", this one (incarnation " + incarnation
                    + ") must not serve any more");
            return;
        }
        if (!registration.problem().isEmpty()) {
            LOG.infof("coordinator %s answers again", coordinators.last());
        }
        registration = new Registration(true, false, incarnation, coordinators.last(), "");
        orders.reported(results);
        notices.removeAll(told);
        map.heard(response);
        orders.take(response.orders());
        owner.format(response.format());
        advice = Optional.of(new Advice(Optional.ofNullable(response.latch()), System.nanoTime() / 1_000_000));
    }
}
