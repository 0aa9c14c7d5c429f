package dev.ashlar.coordinator.http;

/** The body of {@code POST /v1/shards/{id}/transfer}: the name of the store that shall lead. */
public record TransferRequest(String to) {}
