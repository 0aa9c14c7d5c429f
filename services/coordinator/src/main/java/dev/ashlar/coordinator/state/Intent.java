package dev.ashlar.coordinator.state;

/** What an operator wants of a store. */
public enum Intent {
    SERVE,
    DRAIN,
    DECOMMISSION
}
