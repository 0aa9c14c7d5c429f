package dev.ashlar.common.cluster;

/** A coordinator and whether it leads the coordinator group. */
public record CoordinatorInfo(String name, String httpAddress, boolean leader) {}
