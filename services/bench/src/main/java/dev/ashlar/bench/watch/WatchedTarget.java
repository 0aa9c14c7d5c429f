package dev.ashlar.bench.watch;

import java.io.IOException;
import java.io.UncheckedIOException;

import dev.ashlar.bench.load.LoadSpec;
import dev.ashlar.bench.load.Loop;
import dev.ashlar.bench.load.Payload;
import dev.ashlar.bench.load.Target;

/** Another target that is watched while it is under load. Closing this leaves the other one open. */
public final class WatchedTarget implements Target {
    private final Target target;
    private final Watchers watchers;
    private final Deliveries deliveries;

    /** One run's. */
    public WatchedTarget(Target target, Watchers watchers, Deliveries deliveries) {
        this.target = target;
        this.watchers = watchers;
        this.deliveries = deliveries;
    }

    @Override
    public String name() {
        return target.name();
    }

    @Override
    public void prepare(Payload payload, LoadSpec spec) {
        if (spec.perSecond() == 0) {
            throw new IllegalArgumentException("what is watched must be written at a pace");
        }
        target.prepare(payload, spec);
    }

    @Override
    public Lane lane(Loop loop) {
        try {
            watchers.open(loop, deliveries);
        } catch (IOException e) {
            throw new UncheckedIOException("the watchers cannot connect", e);
        }
        return target.lane(loop);
    }
}
