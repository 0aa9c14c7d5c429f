/**
 * May an ordinal be restarted now: {@link dev.ashlar.coordinator.gate.Gate}, and the rule that it shares with the readiness
 * latch of the stores, {@link dev.ashlar.coordinator.gate.Strength}.
 *
 * <p>Pure functions of the replicated state, what the leader observes and the time. The endpoint {@code GET /v1/gate} and
 * the heartbeat call them. Nothing here changes anything: a gate that holds stops nobody by itself.
 */
package dev.ashlar.coordinator.gate;
