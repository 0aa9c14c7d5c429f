package dev.ashlar.access.token;

/**
 * One right.
 *
 * @param prefix of the keys and names it is for; empty for all of them
 */
public record Grant(String prefix, Role role) {}
