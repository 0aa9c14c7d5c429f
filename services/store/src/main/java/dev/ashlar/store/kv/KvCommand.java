package dev.ashlar.store.kv;

import dev.ashlar.common.Limits;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;

/**
 * A mutation of one shard. A new kind of command is one more record here, one more case in {@link KvCommandCodec} and
 * one more in {@link KvStateMachine}; the compiler names the places.
 *
 * <p>The constructors check the limits and throw {@link ApiException}, so a command that exists can be replicated.
 */
public sealed interface KvCommand {
    /**
     * Writes a key.
     *
     * @param value any bytes, at most {@link Limits#VALUE_BYTES_MAX}; must not be changed afterwards
     * @param contentType at most {@link Limits#CONTENT_TYPE_BYTES_MAX} bytes
     * @param ttlMs time to live in milliseconds, counted from the shard's time when the command is applied; 0 for none.
     *     It is relative, so that a retry is the same command as the first try
     */
    // An array: copying up to 1 MiB per command into something immutable would cost more than it protects.
    @SuppressWarnings("ArrayRecordComponent")
    record Put(String key, byte[] value, String contentType, Precondition precondition, long ttlMs)
            implements KvCommand {
        public Put {
            Keys.check(key);
            if (value.length > Limits.VALUE_BYTES_MAX) {
                throw new ApiException(
                        ErrorCode.VALUE_TOO_LARGE,
                        "the value has " + value.length + " bytes, at most " + Limits.VALUE_BYTES_MAX
                                + " are permitted");
            }
            ContentTypes.check(contentType);
            if (ttlMs != 0 && (ttlMs < Limits.TTL_MS_MIN || ttlMs > Limits.TTL_MS_MAX)) {
                throw new ApiException(
                        ErrorCode.INVALID_ARGUMENT,
                        "ttl must be between " + Limits.TTL_MS_MIN + " and " + Limits.TTL_MS_MAX + " milliseconds, not "
                                + ttlMs);
            }
        }
    }

    /** Deletes a key. */
    record Delete(String key, Precondition precondition) implements KvCommand {
        public Delete {
            Keys.check(key);
        }
    }

    /**
     * Deletes a key whose time has run out. Proposed by the leader; it takes effect only if the key is still at this
     * revision and expired by the shard's time, so that a late one can do no harm.
     */
    record Expire(String key, long revision) implements KvCommand {
        public Expire {
            Keys.check(key);
            if (revision < 1) {
                throw new ApiException(ErrorCode.INVALID_ARGUMENT, "a revision is at least 1, not " + revision);
            }
        }
    }
}
