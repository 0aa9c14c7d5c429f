package dev.ashlar.raft.state;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.ashlar.raft.Command;

/** The outcomes of a turn, held back until it is written. Engine thread only. */
final class Outcomes {
    private static final Logger LOG = LoggerFactory.getLogger(Outcomes.class);

    private record Held(Command origin, Runnable applied) {}

    private List<Held> held = new ArrayList<>();

    void hold(Command origin, Runnable applied) {
        held.add(new Held(origin, applied));
    }

    /** Tells that all took effect. */
    void tellApplied() {
        for (Held one : take()) {
            guarded(one.applied());
        }
    }

    /** Tells that it is not known: the turn could not be written, but its entries are committed. */
    void tellUnknown() {
        for (Held one : take()) {
            guarded(() -> one.origin().failed(Command.Failure.UNKNOWN));
        }
    }

    /** The same, and for the origins of an entry that could not be applied and whose outcome is not held. */
    void tellUnknown(List<Command> origins) {
        Set<Command> told = Collections.newSetFromMap(new IdentityHashMap<>());
        held.forEach(one -> told.add(one.origin()));
        tellUnknown();
        origins.stream().filter(told::add).forEach(origin -> guarded(() -> origin.failed(Command.Failure.UNKNOWN)));
    }

    private List<Held> take() {
        if (held.isEmpty()) {
            return List.of();
        }
        List<Held> taken = held;
        held = new ArrayList<>(taken.size());
        return taken;
    }

    /** One who is told and throws must not keep the others, or the engine, from going on. */
    private static void guarded(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            LOG.error("a callback of a command failed", e);
        }
    }
}
