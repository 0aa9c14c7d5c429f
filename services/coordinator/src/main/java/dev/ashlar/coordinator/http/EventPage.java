package dev.ashlar.coordinator.http;

import java.util.List;

import dev.ashlar.common.cluster.Event;

/** The answer of {@code GET /v1/events}. {@code newest} is the id of the newest event there is, 0 for none. */
public record EventPage(List<Event> events, long newest) {}
