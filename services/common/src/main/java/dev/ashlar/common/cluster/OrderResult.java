package dev.ashlar.common.cluster;

/** What became of an order: {@code ok}, or why not. */
public record OrderResult(long id, boolean ok, String detail) {}
