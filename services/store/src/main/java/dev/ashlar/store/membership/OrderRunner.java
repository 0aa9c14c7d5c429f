package dev.ashlar.store.membership;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

import org.jboss.logging.Logger;

import dev.ashlar.common.cluster.Order;
import dev.ashlar.common.cluster.OrderResult;
import dev.ashlar.common.cluster.ReplicaInfo;
import dev.ashlar.raft.Member;
import dev.ashlar.store.replica.Replica;
import dev.ashlar.store.replica.ReplicaReports;
import dev.ashlar.store.replica.Replicas;

/**
 * Does what a coordinator orders, on threads of its own, since a membership change may take as long as a shard has no
 * quorum.
 *
 * <ol>
 *   <li>An order that runs is not started again when it comes again.
 *   <li>Its result waits for the next heartbeat; when that one is lost, the order comes again and is done again, which is
 *       harmless.
 *   <li>A transfer by a replica that leads no more is done: the reports tell who leads now, and an order that comes once
 *       more after it succeeded has not failed.
 *   <li>One that waited for a thread, and that the last heartbeat did not bring again, is not done: it was given up.
 *   <li>A change of members is done only to the members it was decided for: an order that comes late changes nothing.
 * </ol>
 */
final class OrderRunner implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(OrderRunner.class);
    private static final int THREADS = 4;
    private static final int QUEUE_MAX = 1_024;
    private static final long CHANGE_TIMEOUT_MS = 60_000;

    private final Replicas replicas;
    private final ExecutorService threads;
    private final Map<Long, Order> running = new ConcurrentHashMap<>();
    private final Map<Long, OrderResult> results = new ConcurrentHashMap<>();

    /** The orders of the last heartbeat. */
    private volatile Set<Long> wanted = Set.of();

    OrderRunner(Replicas replicas) {
        this(
                replicas,
                new ThreadPoolExecutor(
                        THREADS,
                        THREADS,
                        0,
                        TimeUnit.MILLISECONDS,
                        new LinkedBlockingQueue<>(QUEUE_MAX),
                        Thread.ofPlatform().daemon().name("orders-", 0).factory(),
                        new ThreadPoolExecutor.DiscardPolicy()));
    }

    OrderRunner(Replicas replicas, ExecutorService threads) {
        this.replicas = replicas;
        this.threads = threads;
    }

    /** Starts the orders that are neither running nor waiting to be reported. */
    void take(List<Order> orders) {
        if (orders == null) {
            return;
        }
        wanted = orders.stream().map(Order::id).collect(Collectors.toUnmodifiableSet());
        for (Order order : orders) {
            if (!results.containsKey(order.id())
                    && running.size() < QUEUE_MAX
                    && running.putIfAbsent(order.id(), order) == null) {
                threads.execute(() -> run(order));
            }
        }
    }

    /** The results to report. They stay until {@link #reported}. */
    List<OrderResult> results() {
        return new ArrayList<>(results.values());
    }

    /** A coordinator has these results. */
    void reported(List<OrderResult> told) {
        told.forEach(result -> results.remove(result.id(), result));
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private void run(Order order) {
        if (!wanted.contains(order.id())) {
            running.remove(order.id());
            return;
        }
        OrderResult result;
        try {
            perform(order);
            result = new OrderResult(order.id(), true, "");
            LOG.infof("order %d done: %s shard %d %s", order.id(), order.type(), order.shard(), order.target());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            result = new OrderResult(order.id(), false, "the store is stopping");
        } catch (Exception failed) {
            Throwable cause =
                    failed instanceof ExecutionException && failed.getCause() != null ? failed.getCause() : failed;
            String detail = cause.getMessage() == null ? cause.toString() : cause.getMessage();
            result = new OrderResult(order.id(), false, detail);
            LOG.warnf("order %d failed: %s shard %d: %s", order.id(), order.type(), order.shard(), detail);
        }
        results.put(order.id(), result);
        running.remove(order.id());
    }

    private void perform(Order order) throws Exception {
        Member target = member(order.target());
        switch (order.type()) {
            case "create_replica" ->
                replicas.create(order.shard(), target, members(order, "voter"), members(order, "learner"));
            case "destroy_replica" -> replicas.destroy(order.shard(), target.replicaId());
            case "add_learner" -> done(unchanged(order).group().addLearner(target));
            case "promote" -> done(unchanged(order).group().promote(target));
            case "remove" -> done(unchanged(order).group().remove(target));
            case "transfer_leader" -> transfer(replica(order), target);
            default -> throw new IllegalArgumentException("this version does not know the order " + order.type());
        }
    }

    static void transfer(Replica replica, Member target)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (replica.leads()) {
            done(replica.group().transferLeadership(target));
        }
    }

    private static void done(CompletableFuture<Void> change)
            throws InterruptedException, ExecutionException, TimeoutException {
        change.get(CHANGE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    }

    private Replica replica(Order order) {
        Replica replica = replicas.of(order.shard());
        if (replica == null) {
            throw new IllegalStateException("no replica of shard " + order.shard() + " runs here");
        }
        return replica;
    }

    private Replica unchanged(Order order) {
        Replica replica = replica(order);
        Set<ReplicaInfo> decidedFor = Set.copyOf(order.members());
        Set<ReplicaInfo> now = Set.copyOf(ReplicaReports.of(replica).members());
        if (!decidedFor.isEmpty() && !now.equals(decidedFor) && !isDone(order, now)) {
            throw new IllegalStateException("the members of shard " + order.shard() + " have changed since");
        }
        return replica;
    }

    private static boolean isDone(Order order, Set<ReplicaInfo> members) {
        Optional<String> kind = members.stream()
                .filter(member -> member.replica() == order.target().replica())
                .map(ReplicaInfo::kind)
                .findFirst();
        return switch (order.type()) {
            case "add_learner" -> kind.isPresent();
            case "promote" -> kind.equals(Optional.of("voter"));
            default -> kind.isEmpty();
        };
    }

    private static Member member(ReplicaInfo info) {
        return new Member(info.store(), info.replica());
    }

    private static List<Member> members(Order order, String kind) {
        return order.members().stream()
                .filter(info -> info.kind().equals(kind))
                .map(OrderRunner::member)
                .toList();
    }
}
