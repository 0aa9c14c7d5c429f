package dev.ashlar.store.http;

import java.util.Set;

import dev.ashlar.common.Limits;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.common.query.QueryString;

/**
 * How a client wants to read.
 *
 * @param maxStalenessMs how old a stale answer may be, in milliseconds; {@link Long#MAX_VALUE} for any age
 * @param ifNoneMatch the header, checked, or null
 * @param waitMs how long to wait for a change, in milliseconds; 0 for not at all
 */
record ReadOptions(boolean stale, long maxStalenessMs, String ifNoneMatch, long waitMs) {
    private static final Set<String> PARAMETERS = Set.of("consistency", "max_staleness", "wait");
    private static final ReadOptions PLAIN = new ReadOptions(false, Long.MAX_VALUE, null, 0);

    /** @throws ApiException {@code invalid_argument}, naming what is wrong */
    static ReadOptions parse(String rawQuery, String ifMatch, String ifNoneMatch) {
        if (rawQuery == null && ifMatch == null && ifNoneMatch == null) {
            return PLAIN;
        }
        if (ifMatch != null) {
            throw bad("If-Match is for writes; a read takes If-None-Match");
        }
        if (ifNoneMatch != null) {
            Conditions.checkRead(ifNoneMatch);
        }
        QueryString query = QueryString.parse(rawQuery, PARAMETERS);
        boolean stale = stale(query);
        if (query.has("max_staleness") && !stale) {
            throw bad("parameter 'max_staleness' needs consistency=stale");
        }
        long maxStalenessMs = query.durationMs("max_staleness", 0, Limits.TTL_MS_MAX, Long.MAX_VALUE);
        long waitMs = query.durationMs("wait", 0, Limits.WAIT_MS_MAX, 0);
        return new ReadOptions(stale, maxStalenessMs, ifNoneMatch, waitMs);
    }

    /** Whether {@code consistency} asks for a stale read. */
    static boolean stale(QueryString query) {
        String consistency = query.get("consistency").orElse("linearizable");
        return switch (consistency) {
            case "linearizable" -> false;
            case "stale" -> true;
            default -> throw bad("parameter 'consistency' is '" + consistency + "'; it must be linearizable or stale");
        };
    }

    private static ApiException bad(String detail) {
        return new ApiException(ErrorCode.INVALID_ARGUMENT, detail);
    }
}
