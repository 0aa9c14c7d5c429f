package dev.ashlar.store.kv;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Reads the local replica of a shard as it is now; whether that is linearizable is for the caller to know (lease, read
 * barrier). Any thread but a virtual one (the calls are native and would pin its carrier). An {@link IOException} is a
 * fault of the disk, or says that the replica is closed.
 */
public interface KvReader {
    /** The item of a key. Costs microseconds when it is in memory, else a read of the disk. */
    Optional<Item> get(String key) throws IOException;

    /** One page, at most {@code Limits.SCAN_PAGE_BYTES_MAX} bytes of keys and values (or a single larger item). */
    ScanPage scan(ScanRequest request) throws IOException;

    /** The shard's revision: that of the last mutation readers can see. */
    long revision();

    /**
     * The mutations after a revision, as far as they are applied here; at most {@code bytesMax} bytes or a single larger
     * row.
     */
    HistoryRows history(long after, int bytesMax) throws IOException;

    /** The revision of the oldest event that the history holds; 0 when there is none. */
    long historyFirst();

    /** Whom to call, on the engine thread, whenever there is a new revision; it must return at once. One at a time. */
    void listen(Runnable changed);

    /** The shard's time in milliseconds since 1970 as readers can see it; 0 before the first command. */
    long timeMs();

    /** Keys and locks whose time has run out at {@code nowMs}, the earliest first: what a leader proposes. */
    List<KvCommand> dueExpiries(long nowMs, int max) throws IOException;

    /** When the next key or lock expires, in milliseconds since 1970; {@link Long#MAX_VALUE} when none does. */
    long nextExpiryMs() throws IOException;

    /** The shard as it is now, for reading all of it. To be closed soon. */
    KvView view() throws IOException;

    /** The shard as it was at the last {@link VerifyCommand}, once. To be closed. */
    Optional<KvView> takeVerification();

    /** What was found wrong with the bytes on the disk, or an empty string. Costs a volatile read. */
    String damage();
}
