package dev.ashlar.acceptance.history;

/**
 * The model: a key at one moment of a possible order.
 *
 * <p>After a write whose answer is lost, the revision is known only to be above {@code floor}, until somebody sees it.
 *
 * @param value what the put of this value wrote, {@link #NONE} when there is no such key, {@link #UNSEEN} for a value that
 *     nobody has read
 * @param floor the revision of the last mutation when {@code exact}, else a bound below it
 */
record KeyState(long value, long floor, boolean exact) {
    static final long NONE = -1;
    static final long UNSEEN = -2;
    static final KeyState EMPTY = new KeyState(NONE, 0, true);

    /** The state after {@code operation} with its outcome, or null when it cannot have had this outcome here. */
    KeyState after(Operation operation) {
        return switch (operation.outcome()) {
            case Outcome.Written written ->
                written.created() == (value == NONE) ? written(operation.call(), written.revision()) : null;
            case Outcome.Seen seen -> written(operation.call(), seen.revision());
            case Outcome.Deleted deleted -> deleted(operation.call(), deleted);
            case Outcome.Found found -> value == found.value() ? seenAt(found.revision()) : null;
            case Outcome.Absent absent -> value == NONE ? this : null;
            case Outcome.Mismatch mismatch -> mismatched(operation.call(), mismatch);
            case Outcome.Unknown unknown -> silently(operation.call());
            case Outcome.Failed failed -> this;
        };
    }

    private KeyState written(Call call, long revision) {
        boolean fits =
                switch (call) {
                    case Call.Put put -> true;
                    case Call.PutAt put ->
                        value != NONE && mayBeAt(put.expectedRevision()) && revision > put.expectedRevision();
                    case Call.Create create -> value == NONE;
                    default -> false;
                };
        return fits && revision > floor ? new KeyState(valueOf(call), revision, true) : null;
    }

    private KeyState deleted(Call call, Outcome.Deleted deleted) {
        boolean fits = value != NONE
                && switch (call) {
                    case Call.Delete delete -> true;
                    case Call.DeleteAt delete ->
                        mayBeAt(delete.expectedRevision()) && deleted.revision() > delete.expectedRevision();
                    default -> false;
                };
        return fits && deleted.revision() > floor ? new KeyState(NONE, deleted.revision(), true) : null;
    }

    private KeyState mismatched(Call call, Outcome.Mismatch mismatch) {
        boolean refutes =
                switch (call) {
                    case Call.PutAt put -> mismatch.currentRevision() != put.expectedRevision();
                    case Call.DeleteAt delete -> mismatch.currentRevision() != delete.expectedRevision();
                    case Call.Create create -> true;
                    default -> false;
                };
        return refutes && value != NONE ? seenAt(mismatch.currentRevision()) : null;
    }

    /** A write that took effect although nobody was told; null when it would change nothing here. */
    private KeyState silently(Call call) {
        return switch (call) {
            case Call.Put put -> new KeyState(put.value(), floor, false);
            case Call.Create create -> value == NONE ? new KeyState(create.value(), floor, false) : null;
            case Call.PutAt put ->
                value != NONE && mayBeAt(put.expectedRevision())
                        ? new KeyState(put.value(), put.expectedRevision(), false)
                        : null;
            case Call.Delete delete -> value != NONE ? new KeyState(NONE, floor, false) : null;
            case Call.DeleteAt delete ->
                value != NONE && mayBeAt(delete.expectedRevision())
                        ? new KeyState(NONE, delete.expectedRevision(), false)
                        : null;
            case Call.Get get -> null;
        };
    }

    private boolean mayBeAt(long revision) {
        return exact ? revision == floor : revision > floor;
    }

    private KeyState seenAt(long revision) {
        return mayBeAt(revision) ? new KeyState(value, revision, true) : null;
    }

    static long valueOf(Call call) {
        return switch (call) {
            case Call.Put put -> put.value();
            case Call.PutAt put -> put.value();
            case Call.Create create -> create.value();
            case Call.Get get -> NONE;
            case Call.Delete delete -> NONE;
            case Call.DeleteAt delete -> NONE;
        };
    }

    @Override
    public String toString() {
        String at = exact ? " at revision " + floor : " at a revision above " + floor;
        return value == NONE ? "no such key" + at : (value == UNSEEN ? "a value nobody saw" : "value " + value) + at;
    }
}
