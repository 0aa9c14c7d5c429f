package dev.ashlar.store.membership;

import java.util.List;

/**
 * What a heartbeat tells besides the replicas.
 *
 * @param state up or draining
 * @param alarms stable words such as disk_full
 * @param readiness ready or starting
 */
public record Vitals(String state, List<String> alarms, long dataBytes, long diskFreeBytes, String readiness) {}
