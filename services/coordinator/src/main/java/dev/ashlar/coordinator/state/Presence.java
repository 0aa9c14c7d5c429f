package dev.ashlar.coordinator.state;

/** Whether a store is there, as the coordinators agreed. */
public enum Presence {
    /** It sends heartbeats, or did until less than the down timeout ago. */
    UP,
    /** It has sent no heartbeat for the down timeout. May come back with its data. */
    DOWN,
    /** Another disk registered under its name: its data is gone for good. */
    LOST
}
