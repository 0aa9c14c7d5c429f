package dev.ashlar.common.cluster;

/** The answer to an order of a person: what it is about, and its state from now on. {@code changed} is false when it was so already. */
public record AdminAnswer(String subject, String state, boolean changed) {}
