package dev.ashlar.coordinator.membership;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.ashlar.coordinator.state.ClusterCommand;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.Presence;
import dev.ashlar.coordinator.state.StoreRecord;

/**
 * Which stores have gone silent, and which are back.
 *
 * <ol>
 *   <li>Silence counts from the last heartbeat, but never from before this coordinator led, nor from before the store's
 *       present incarnation registered: a new leader, and one that a store has just registered with, wait a whole timeout
 *       before they say that it is down. One that registers again and again without a heartbeat has that time once.
 *   <li>A store that is down and sends a heartbeat of its present incarnation is up at once.
 * </ol>
 */
public final class Liveness {
    private Liveness() {}

    public static List<ClusterCommand> decide(ClusterState state, Observed observed, long nowMs, long atMs) {
        List<ClusterCommand> commands = new ArrayList<>();
        for (StoreRecord store : state.presentStores()) {
            Optional<StoreSeen> seen = observed.store(store.id()).filter(s -> s.incarnation() == store.incarnation());
            long silentMs = nowMs - seen.map(StoreSeen::lastMs).orElse(observed.registeredSinceMs(store.id()));
            if (store.presence() == Presence.UP && silentMs >= Timing.DOWN_AFTER_MS) {
                commands.add(new ClusterCommand.SetPresence(
                        store.id(),
                        store.incarnation(),
                        Presence.DOWN,
                        "no heartbeat for " + silentMs / 1_000 + " s",
                        atMs));
            } else if (store.presence() == Presence.DOWN
                    && seen.filter(s -> s.freshAt(nowMs)).isPresent()) {
                commands.add(new ClusterCommand.SetPresence(
                        store.id(), store.incarnation(), Presence.UP, "it sends heartbeats again", atMs));
            }
        }
        return commands;
    }
}
