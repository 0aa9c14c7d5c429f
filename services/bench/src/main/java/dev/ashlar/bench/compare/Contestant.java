package dev.ashlar.bench.compare;

import dev.ashlar.bench.load.Target;
import dev.ashlar.bench.process.Cluster;

/** A target and the cluster behind it; two contestants may share one cluster and ask it by different protocols. */
record Contestant(Target target, Cluster cluster) {
    String name() {
        return target.name();
    }
}
