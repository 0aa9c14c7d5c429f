package dev.ashlar.coordinator.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

import org.jboss.logging.Logger;

import dev.ashlar.common.StoreId;
import dev.ashlar.common.cluster.HeartbeatRequest;
import dev.ashlar.common.cluster.HeartbeatResponse;
import dev.ashlar.common.cluster.OrderResult;
import dev.ashlar.common.cluster.RegisterRequest;
import dev.ashlar.common.cluster.RegisterResponse;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.coordinator.gate.Latch;
import dev.ashlar.coordinator.group.ClusterGroup;
import dev.ashlar.coordinator.membership.Fencing;
import dev.ashlar.coordinator.membership.Observed;
import dev.ashlar.coordinator.membership.Timing;
import dev.ashlar.coordinator.placement.OrderBook;
import dev.ashlar.coordinator.state.Applied.Outcome;
import dev.ashlar.coordinator.state.ClusterCommand;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.OperatorRecord;
import dev.ashlar.coordinator.state.Transition;
import dev.ashlar.coordinator.view.ClusterViews;
import dev.ashlar.raft.GroupStatus;

/**
 * What the leading coordinator does.
 *
 * <ol>
 *   <li>It answers stores only while it holds the lease: its state is then the newest, so an incarnation it accepts is the
 *       highest (S5). A coordinator without it answers {@code no_leader}.
 *   <li>A registration is answered when it is committed; a heartbeat at once, from memory, and writes nothing. It brings
 *       the cluster only when that is not what the store has been told ({@link NumberedView}).
 *   <li>Each {@link #tick} decides from the newest state; while proposals are undecided it does nothing.
 *   <li>A new term begins with no observations.
 * </ol>
 *
 * <p>Any thread; {@link #tick} from one.
 */
public final class Control {
    private static final Logger LOG = Logger.getLogger(Control.class);

    /** The newest state and what has been observed, at one moment of the monotonic clock, in milliseconds. */
    public record Seen(ClusterState state, Observed observed, long nowMs) {}

    private final ClusterGroup group;
    private final ClusterCommand.Initialize initialize;
    private final long repairAfterMs;
    private final LongSupplier monotonicMs;
    private final LongSupplier wallMs;
    private Session session = new Session(-1, 0);

    /**
     * Does nothing yet.
     *
     * @param initialize names a new cluster; proposed until the state has a name
     * @param repairAfterMs silence after which a store's replicas move to a spare one
     */
    public Control(
            ClusterGroup group,
            ClusterCommand.Initialize initialize,
            long repairAfterMs,
            LongSupplier monotonicMs,
            LongSupplier wallMs) {
        this.group = group;
        this.initialize = initialize;
        this.repairAfterMs = repairAfterMs;
        this.monotonicMs = monotonicMs;
        this.wallMs = wallMs;
    }

    /**
     * Registers a store process. Fails with an {@link ApiException}.
     *
     * @param request a valid one
     */
    public CompletableFuture<RegisterResponse> register(RegisterRequest request) {
        leading();
        ClusterState state = initialized();
        if (request.dataFormat() < state.meta().formatVersion()) {
            throw new ApiException(
                    ErrorCode.CONFLICT,
                    Transition.tooOld(
                            request.name(),
                            request.version(),
                            request.dataFormat(),
                            state.meta().formatVersion()));
        }
        ClusterCommand command = new ClusterCommand.RegisterStore(
                new StoreId(request.name(), request.diskId()),
                request.zone(),
                request.httpAddress(),
                request.peerAddress(),
                request.version(),
                request.dataFormat(),
                wallMs.getAsLong());
        return group.propose(command).thenApply(outcome -> switch (outcome) {
            case Outcome.Done done ->
                new RegisterResponse(
                        state.meta().clusterId(),
                        done.number(),
                        state.settings().shards(),
                        Timing.HEARTBEAT_MS);
            case Outcome.Refused refused -> throw new ApiException(ErrorCode.TOO_MANY_REQUESTS, refused.reason());
        });
    }

    /** Takes a valid heartbeat and gives the map and the orders. */
    public HeartbeatResponse heartbeat(HeartbeatRequest beat) {
        Session leading = leading();
        ClusterState state = initialized();
        StoreId id = new StoreId(beat.name(), beat.diskId());
        switch (Fencing.judge(state, id, beat.incarnation())) {
            case FENCED -> {
                return new HeartbeatResponse(true, state.meta().mapEpoch(), List.of(), List.of(), List.of());
            }
            case UNKNOWN ->
                throw new ApiException(
                        ErrorCode.NOT_FOUND,
                        "no store " + id + " has registered with incarnation " + beat.incarnation());
            case ACCEPTED -> {
                // Below.
            }
        }
        long nowMs = monotonicMs.getAsLong();
        leading.observations().heard(state, id, beat, nowMs);
        beat.results().forEach(result -> take(leading, state, id, result));
        beat.notices()
                .forEach(notice -> propose(
                        leading,
                        state,
                        new ClusterCommand.RecordEvent(
                                notice.kind(), id.toString(), notice.reason(), wallMs.getAsLong())));
        Observed observed = leading.observations().snapshot();
        NumberedView view =
                leading.view(ClusterViews.shards(state, observed, nowMs), ClusterViews.stores(state, observed, nowMs));
        boolean known = view.number() == beat.view();
        return new HeartbeatResponse(
                false,
                state.meta().mapEpoch(),
                known ? List.of() : view.shards(),
                known ? List.of() : view.stores(),
                OrderBook.ordersFor(id, state, observed, nowMs),
                Latch.advise(state, observed, id, nowMs),
                state.meta().formatVersion(),
                view.number());
    }

    /**
     * Commits an order of a person. Fails with an {@link ApiException}: {@code conflict} when it was refused, {@code
     * no_leader} when this coordinator does not lead, {@code timeout} when the outcome is unknown.
     */
    CompletableFuture<Outcome.Done> order(ClusterCommand command) {
        leading();
        return group.propose(command).thenApply(outcome -> switch (outcome) {
            case Outcome.Done done -> done;
            case Outcome.Refused refused -> throw new ApiException(ErrorCode.CONFLICT, refused.reason());
        });
    }

    private void take(Session leading, ClusterState state, StoreId id, OrderResult result) {
        if (result.ok() || !leading.isNews(result)) {
            return;
        }
        OperatorRecord operator = state.operators().get(result.id());
        ClusterCommand command = operator != null
                ? new ClusterCommand.EndOperator(
                        operator.id(), false, id.name() + ": " + result.detail(), wallMs.getAsLong())
                : new ClusterCommand.RecordEvent(
                        "order_failed",
                        id.toString(),
                        "order " + result.id() + ": " + result.detail(),
                        wallMs.getAsLong());
        propose(leading, state, command);
    }

    /** Decides and proposes when this coordinator leads, does nothing otherwise. */
    public void tick() {
        Optional<Session> leads = session();
        if (leads.isEmpty() || !leads.get().idle()) {
            return;
        }
        Session leading = leads.get();
        ClusterState state = group.state();
        long nowMs = monotonicMs.getAsLong();
        leading.observations().running(state, nowMs);
        Observed observed = leading.observations().snapshot();
        List<ClusterCommand> commands = state.initialized()
                ? new ArrayList<>(ControlLoops.decide(state, observed, repairAfterMs, nowMs, wallMs.getAsLong()))
                : List.of(initialize);
        if (state.initialized()) {
            commands.addAll(damage(leading, state, observed));
        }
        List<CompletableFuture<?>> outcomes = new ArrayList<>();
        for (ClusterCommand command : commands) {
            outcomes.add(propose(leading, state, command));
        }
        leading.proposed(outcomes);
    }

    /** Journals each damaged replica once; a new leader says it again. */
    private List<ClusterCommand> damage(Session leading, ClusterState state, Observed observed) {
        List<ClusterCommand> events = new ArrayList<>();
        observed.damaged()
                .forEach((number, replicas) -> replicas.forEach((replica, why) -> {
                    if (leading.isNews(number, replica)) {
                        String store = state.shards()
                                .get(number)
                                .replica(replica)
                                .map(record -> record.store().name())
                                .orElse("a store that is gone");
                        events.add(new ClusterCommand.RecordEvent(
                                "replica_damaged",
                                "shard " + number,
                                "replica " + replica + " on " + store + ": " + why,
                                wallMs.getAsLong()));
                    }
                }));
        return events;
    }

    /** Never fails: the next tick decides anew from what was really done. */
    private CompletableFuture<Void> propose(Session leading, ClusterState state, ClusterCommand command) {
        return group.propose(command).handle((outcome, failed) -> {
            if (failed != null) {
                LOG.debugf("%s was not done: %s", command, failed.getMessage());
            } else if (outcome instanceof Outcome.Refused refused) {
                LOG.debugf("%s was refused: %s", command, refused.reason());
            } else if (command instanceof ClusterCommand.EndOperator end
                    && state.operators().containsKey(end.id())) {
                leading.observations().ended(state.operators().get(end.id()), end.ok(), monotonicMs.getAsLong());
            }
            return null;
        });
    }

    /** What decisions are made from. Fails with an {@link ApiException} when this coordinator does not lead. */
    public Seen seen() {
        Session leading = leading();
        return new Seen(initialized(), leading.observations().snapshot(), monotonicMs.getAsLong());
    }

    /** What this coordinator has seen, when it leads. */
    public Optional<Observed> observed() {
        return session().map(leading -> leading.observations().snapshot());
    }

    /** The time that {@link #observed} is measured by, in milliseconds. */
    public long nowMs() {
        return monotonicMs.getAsLong();
    }

    private Session leading() {
        return session()
                .orElseThrow(
                        () -> new ApiException(ErrorCode.NO_LEADER, "this coordinator does not lead the others", 500));
    }

    private ClusterState initialized() {
        ClusterState state = group.state();
        if (!state.initialized()) {
            throw new ApiException(ErrorCode.NO_LEADER, "the cluster is being formed", 500);
        }
        return state;
    }

    private Optional<Session> session() {
        if (!group.leads()) {
            return Optional.empty();
        }
        GroupStatus status = group.status();
        synchronized (this) {
            if (session.term() < status.term()) {
                session = new Session(status.term(), monotonicMs.getAsLong());
                LOG.infof("this coordinator leads, term %d", status.term());
            }
            return Optional.of(session);
        }
    }
}
