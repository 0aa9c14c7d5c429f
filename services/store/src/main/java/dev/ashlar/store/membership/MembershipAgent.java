package dev.ashlar.store.membership;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;

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
 *   <li>When no coordinator has been there for a while, and this disk knows its cluster and what the process before it was
 *       given ({@link LastStart}): serve with that, and go on trying to register.
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
    /** How long until the next heartbeat of a store that is not ready yet: what it waits for comes with the answers. */
    private static final long STARTING_BEAT_MS = 150;
    /** For how long after the first one. What takes longer is not sped up by it, and many stores may be waiting. */
    private static final long STARTING_BEATS_FOR_NANOS = 15_000_000_000L;

    private static final String REGISTER = "/internal/v1/stores/register";
    private static final String HEARTBEAT = "/internal/v1/stores/heartbeat";

    /** What the agent asks of the process that it lives in. All calls come on the agent's thread. */
    interface Owner {
        /** Registered, or to go on as the process before: open the replicas. Called once. */
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
    private final LastStart lastStart;
    private final long aloneAfterMs;
    private final Owner owner;
    private final Thread thread;
    private final Queue<Notice> notices = new ConcurrentLinkedQueue<>();
    private volatile Registration registration = Registration.NONE;
    private volatile Optional<Advice> advice = Optional.empty();
    private volatile boolean closed;
    /** What the map was last heard in; a new coordinator leader numbers anew. */
    private long view;

    MembershipAgent(
            RegisterRequest identity,
            CoordinatorClient coordinators,
            ClusterMap map,
            Replicas replicas,
            LastStart lastStart,
            long aloneAfterMs,
            Owner owner) {
        this.identity = identity;
        this.coordinators = coordinators;
        this.map = map;
        this.replicas = replicas;
        this.lastStart = lastStart;
        this.aloneAfterMs = aloneAfterMs;
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
            Optional<RegisterResponse> response = untilRegistered(asBefore());
            if (response.isPresent()) {
                owner.registered(response.get());
            }
            if (registration.alone()) {
                response = untilRegistered(Optional.empty());
                response.ifPresent(late -> replicas.raiseIncarnation(late.incarnation()));
            }
            if (response.isPresent()) {
                heartbeats(response.get());
            }
        } catch (InterruptedException stopping) {
            LOG.debug("the membership agent stops");
        } catch (IOException | RuntimeException unusable) {
            if (!closed) {
                LOG.debug("the store cannot start", unusable);
                owner.stop(unusable.getMessage() == null ? unusable.toString() : unusable.getMessage());
            }
        }
    }

    /** What the process before this one was told, when this disk knows enough to go on with it. */
    private Optional<RegisterResponse> asBefore() {
        MapState known = map.state();
        OptionalLong incarnation = aloneAfterMs > 0 ? lastStart.incarnation() : OptionalLong.empty();
        return known.clusterId().isEmpty() || known.epoch() == 0 || incarnation.isEmpty()
                ? Optional.empty()
                : Optional.of(new RegisterResponse(
                        known.clusterId(), incarnation.getAsLong(), known.shards(), BACKOFF_MIN_MS));
    }

    /**
     * The answer of a coordinator; {@code before} when none has been there for {@link #aloneAfterMs}; empty when this agent is
     * closed.
     */
    private Optional<RegisterResponse> untilRegistered(Optional<RegisterResponse> before)
            throws InterruptedException, IOException {
        long sinceNanos = System.nanoTime();
        long backoffMs = BACKOFF_MIN_MS;
        String said = "";
        while (!closed) {
            try {
                RegisterResponse response = coordinators.post(REGISTER, identity, RegisterResponse.class);
                checkCluster(response);
                map.registered(response);
                remember(response.incarnation());
                registration = new Registration(true, false, false, response.incarnation(), coordinators.last(), "");
                LOG.infof(
                        "registered with %s: cluster %s, incarnation %d, %d shards",
                        coordinators.last(), response.clusterId(), response.incarnation(), response.shards());
                return Optional.of(response);
            } catch (CoordinatorClient.UnreachableException e) {
                if (!e.getMessage().equals(said)) {
                    said = e.getMessage();
                    LOG.infof("not registered yet, trying on: %s", said);
                }
                long waitedMs = (System.nanoTime() - sinceNanos) / 1_000_000;
                boolean goOn = before.isPresent() && e.isNobodyThere() && waitedMs >= aloneAfterMs;
                registration = new Registration(
                        false,
                        goOn || registration.alone(),
                        false,
                        before.map(RegisterResponse::incarnation).orElse(registration.incarnation()),
                        "",
                        e.getMessage());
                if (goOn) {
                    LOG.warnf(
                            "no coordinator for %d ms: serving as the process before, with the map of epoch %d and"
                                    + " incarnation %d",
                            waitedMs, map.state().epoch(), before.get().incarnation());
                    return before;
                }
            }
            Thread.sleep(backoffMs / 2 + ThreadLocalRandom.current().nextLong(backoffMs));
            backoffMs = Math.min(BACKOFF_MAX_MS, backoffMs * 2);
        }
        return Optional.empty();
    }

    /** A full disk ends nothing (S9): with an older number the next process asks a coordinator, or is refused by peers. */
    private void remember(long incarnation) {
        try {
            lastStart.remember(incarnation);
        } catch (IOException full) {
            LOG.warnf("the incarnation is not on the disk: %s", full.getMessage());
        }
    }

    private void forget() {
        try {
            lastStart.forget();
        } catch (IOException failed) {
            LOG.warnf("the incarnation is still on the disk: %s", failed.getMessage());
        }
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
        long firstNanos = System.nanoTime();
        while (!closed) {
            boolean starting = false;
            try {
                starting = beat(registered.incarnation());
            } catch (CoordinatorClient.UnreachableException e) {
                if (registration.problem().isEmpty()) {
                    LOG.warnf(
                            "no coordinator answers, serving on with the map of epoch %d: %s",
                            map.state().epoch(), e.getMessage());
                }
                registration = new Registration(true, false, false, registered.incarnation(), "", e.getMessage());
            }
            boolean hurry = starting && System.nanoTime() - firstNanos < STARTING_BEATS_FOR_NANOS;
            Thread.sleep(hurry ? Math.min(intervalMs, STARTING_BEAT_MS) : intervalMs);
        }
    }

    /** One heartbeat; true when it said that this store is not ready yet. */
    private boolean beat(long incarnation)
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
                replicas.checks(),
                view);
        HeartbeatResponse response = coordinators.post(HEARTBEAT, request, HeartbeatResponse.class);
        if (response.fenced()) {
            registration = new Registration(true, false, true, incarnation, coordinators.last(), "");
            closed = true;
            forget();
            owner.stop("fenced: a newer process runs as " + identity.name() + ", this one (incarnation " + incarnation
                    + ") must not serve any more");
            return false;
        }
        if (!registration.problem().isEmpty()) {
            LOG.infof("coordinator %s answers again", coordinators.last());
        }
        registration = new Registration(true, false, false, incarnation, coordinators.last(), "");
        orders.reported(results);
        notices.removeAll(told);
        map.heard(response);
        view = response.view();
        orders.take(response.orders());
        owner.format(response.format());
        advice = Optional.of(new Advice(Optional.ofNullable(response.latch()), System.nanoTime() / 1_000_000));
        return vitals.readiness().equals("starting");
    }
}
