package dev.ashlar.store.membership;

import java.util.Optional;

import dev.ashlar.common.cluster.LatchAdvice;

/**
 * What the coordinators have said with the last answer to a heartbeat.
 *
 * @param latch for the readiness latch; empty from a version that says nothing about it
 * @param heardMs when, in milliseconds of {@link System#nanoTime()}
 */
public record Advice(Optional<LatchAdvice> latch, long heardMs) {}
