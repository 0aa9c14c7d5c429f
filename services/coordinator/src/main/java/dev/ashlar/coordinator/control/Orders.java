package dev.ashlar.coordinator.control;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

import dev.ashlar.common.cluster.AdminAnswer;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.coordinator.membership.LeaderSeen;
import dev.ashlar.coordinator.placement.ManualTransfer;
import dev.ashlar.coordinator.state.ClusterCommand;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.Intent;
import dev.ashlar.coordinator.state.Presence;
import dev.ashlar.coordinator.state.ReplicaRecord;
import dev.ashlar.coordinator.state.ShardRecord;
import dev.ashlar.coordinator.state.StoreRecord;

/**
 * Orders of a person, on the coordinator that leads. Each is checked against the newest state and then committed; all fail
 * with an {@link ApiException}: {@code not_found} for what is not there, {@code conflict} for what cannot be done now,
 * {@code no_leader} when this coordinator does not lead. A refused order has changed nothing.
 *
 * <p>Any thread.
 */
public final class Orders {
    private static final String BY = "ordered by a person";
    private static final String BY_SCALE_IN = "its StatefulSet has become too small for it";

    private final Control control;
    private final LongSupplier wallMs;

    public Orders(Control control, LongSupplier wallMs) {
        this.control = control;
        this.wallMs = wallMs;
    }

    /** What a store is to do from now on. */
    public CompletableFuture<AdminAnswer> intent(String name, Intent intent) {
        return intent(name, intent, false);
    }

    /** A store leaves until it starts again: its StatefulSet has become too small for it. */
    public CompletableFuture<AdminAnswer> scaleIn(String name) {
        return intent(name, Intent.DECOMMISSION, true);
    }

    private CompletableFuture<AdminAnswer> intent(String name, Intent intent, boolean scaleIn) {
        StoreRecord store = store(control.seen().state(), name);
        boolean keeps = store.intent() == Intent.DECOMMISSION && intent == Intent.DRAIN;
        boolean same = store.intent() == intent && (scaleIn || !store.byScaleIn());
        if (same || keeps) {
            return CompletableFuture.completedFuture(new AdminAnswer(name, store.word(), false));
        }
        String by = scaleIn ? BY_SCALE_IN : BY;
        return control.order(new ClusterCommand.SetIntent(store.id(), intent, by, wallMs.getAsLong(), scaleIn))
                .thenApply(done ->
                        new AdminAnswer(name, store.withIntent(intent, scaleIn).word(), true));
    }

    /** Which store shall lead a shard. */
    public CompletableFuture<AdminAnswer> transfer(int number, String to) {
        Control.Seen seen = control.seen();
        ShardRecord shard = seen.state().shards().get(number);
        if (shard == null) {
            throw new ApiException(ErrorCode.NOT_FOUND, "there is no shard " + number);
        }
        StoreRecord store = store(seen.state(), to);
        ReplicaRecord voter = ManualTransfer.voter(shard, store.id())
                .orElseThrow(() -> conflict(to + " has no voter of shard " + number));
        if (store.presence() != Presence.UP || store.intent() != Intent.SERVE) {
            throw conflict(to + " is " + store.word() + " and cannot lead now");
        }
        boolean leads = seen.observed()
                .leader(number, seen.nowMs())
                .map(LeaderSeen::replica)
                .filter(leader -> leader == voter.replica())
                .isPresent();
        String subject = "shard " + number;
        List<ClusterCommand> commands = ManualTransfer.decide(seen.state(), shard, voter, wallMs.getAsLong());
        if (commands.isEmpty()) {
            String state = leads ? to + " leads" : "moving to " + to;
            return CompletableFuture.completedFuture(new AdminAnswer(subject, state, false));
        }
        CompletableFuture<Void> all = CompletableFuture.completedFuture(null);
        for (ClusterCommand command : commands) {
            all = all.thenCompose(before -> control.order(command).thenAccept(done -> {}));
        }
        return all.thenApply(done -> new AdminAnswer(subject, leads ? to + " leads" : "moving to " + to, true));
    }

    /**
     * Ends an upgrade.
     *
     * @param format the newest data format that this coordinator reads
     * @param olderCoordinators coordinators that are not known to read it
     */
    public CompletableFuture<AdminAnswer> finish(int format, List<String> olderCoordinators) {
        ClusterState state = control.seen().state();
        int now = state.meta().formatVersion();
        if (format <= now) {
            return CompletableFuture.completedFuture(new AdminAnswer("cluster", "data format " + now, false));
        }
        if (!olderCoordinators.isEmpty()) {
            throw conflict("these coordinators are not known to read data format " + format + ": "
                    + String.join(", ", olderCoordinators));
        }
        return control.order(new ClusterCommand.Finalize(format, wallMs.getAsLong()))
                .thenApply(done -> new AdminAnswer("cluster", "data format " + format, true));
    }

    private static StoreRecord store(ClusterState state, String name) {
        return state.presentStores().stream()
                .filter(store -> store.id().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ApiException(ErrorCode.NOT_FOUND, "no store " + name + " has registered"));
    }

    private static ApiException conflict(String detail) {
        return new ApiException(ErrorCode.CONFLICT, detail);
    }
}
