package dev.ashlar.raft.transport;

import io.vertx.core.Vertx;

import dev.ashlar.raft.HostOptions;

/** What every part of one transport shares. */
record Local(
        Vertx vertx,
        HostOptions options,
        PeerHandler handler,
        Timings timings,
        Fence fence,
        Counters counters,
        LogLimiter logLimiter) {}
