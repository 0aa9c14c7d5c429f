package dev.ashlar.raft.transport;

import java.util.concurrent.atomic.AtomicLong;

import io.vertx.core.Vertx;

import dev.ashlar.common.dns.Names;
import dev.ashlar.raft.HostOptions;

/** What every part of one transport shares; {@code incarnation} is the one that handshakes show. */
record Local(
        Vertx vertx,
        HostOptions options,
        AtomicLong incarnation,
        PeerHandler handler,
        Timings timings,
        Names names,
        Fence fence,
        Counters counters,
        LogLimiter logLimiter) {}
