package dev.ashlar.raft.transport;

import io.vertx.core.Vertx;

import dev.ashlar.common.dns.Names;
import dev.ashlar.raft.HostOptions;

/** What every part of one transport shares. */
record Local(
        Vertx vertx,
        HostOptions options,
        PeerHandler handler,
        Timings timings,
        Names names,
        Fence fence,
        Counters counters,
        LogLimiter logLimiter) {}
