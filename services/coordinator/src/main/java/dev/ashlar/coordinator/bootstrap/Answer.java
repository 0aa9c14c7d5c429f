package dev.ashlar.coordinator.bootstrap;

import java.util.Optional;

import dev.ashlar.common.cluster.BootstrapStatus;

/** What the coordinator at an address ({@code http://host:port}) said of itself, empty when it did not answer. */
public record Answer(String address, Optional<BootstrapStatus> status) {}
