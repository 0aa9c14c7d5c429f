package dev.ashlar.raft.log;

/** What a record says. The number is part of the format: never change one, never use one again. */
enum RecordKind {
    /** First record of a batch. Index: the offset in its segment at which the log ended before it. */
    BEGIN(1),
    /** Last record of a batch. */
    END(2),
    /** Everything that is known of a group but its entries; see {@link GroupCodec}. Index: of its last entry. */
    STATE(3),
    /** Term and vote. Payload: the vote. */
    TERM(4),
    /** A {@link SnapshotMark}. */
    MARK(5),
    /** An entry. */
    ENTRY(6),
    /** An entry that an older segment holds too; this is where it is read from now on. */
    MOVED(7),
    /** Index: the first entry that is dropped. */
    TRUNCATE(8),
    /** Index: the last entry that is needed no more. */
    RELEASE(9),
    /** The group is gone. */
    REMOVE(10),
    /** A {@link SnapshotMark} that takes the place of the group's newest one. */
    MARK_AGAIN(11);

    private static final RecordKind[] KINDS = values();

    final byte code;

    RecordKind(int code) {
        this.code = (byte) code;
    }

    static boolean known(byte code) {
        return code >= 1 && code <= KINDS.length;
    }

    static RecordKind of(byte code) {
        return KINDS[code - 1];
    }
}
