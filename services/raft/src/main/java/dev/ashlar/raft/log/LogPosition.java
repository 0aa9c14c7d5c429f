package dev.ashlar.raft.log;

/**
 * Where an entry is stored.
 *
 * @param segment number of the segment, from 1
 * @param offset where its record starts in the segment, in bytes
 * @param length of its payload, in bytes
 */
public record LogPosition(long segment, int offset, int length) {}
