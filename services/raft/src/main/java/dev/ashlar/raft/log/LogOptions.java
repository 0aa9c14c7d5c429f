package dev.ashlar.raft.log;

/**
 * How a {@link SharedLog} is laid out on disk.
 *
 * @param segmentBytes size of a new segment file, {@value #SEGMENT_BYTES_MIN} to {@value #SEGMENT_BYTES_MAX}; existing
 *     segments keep theirs
 * @param targetBytes size of all segments above which {@link SharedLog#oldestPinningGroup()} names a group that should
 *     let go of old entries
 * @param minFreeBytes free space of the file system below which no entries are taken
 */
public record LogOptions(long segmentBytes, long targetBytes, long minFreeBytes) {
    /** Room for the states of a few groups and a few small entries. */
    public static final long SEGMENT_BYTES_MIN = 4 << 10;

    /** Offsets in a segment are ints. */
    public static final long SEGMENT_BYTES_MAX = 1 << 30;

    public LogOptions {
        if (segmentBytes < SEGMENT_BYTES_MIN || segmentBytes > SEGMENT_BYTES_MAX) {
            throw new IllegalArgumentException("segment size must be " + SEGMENT_BYTES_MIN + " to " + SEGMENT_BYTES_MAX
                    + " bytes, not " + segmentBytes);
        }
        if (targetBytes < 1 || minFreeBytes < 0) {
            throw new IllegalArgumentException("target and free bytes must not be negative");
        }
    }
}
