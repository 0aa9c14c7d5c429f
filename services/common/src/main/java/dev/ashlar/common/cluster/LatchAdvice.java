package dev.ashlar.common.cluster;

import java.util.List;

/** What the coordinator knows for the readiness latch of a store: {@code missing} says what keeps the shards that the store hosts from full strength, nothing when they are; {@code open} says why the latch should open all the same, empty when it should not. */
public record LatchAdvice(List<String> missing, String open) {}
