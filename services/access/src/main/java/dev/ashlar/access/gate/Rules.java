package dev.ashlar.access.gate;

import dev.ashlar.common.error.ApiException;

/** What the routes of one service need. Pure; on an event loop, for every request that is not an administrator's. */
public interface Rules {
    /**
     * What a request needs. For everything that it does not know: {@link Need.Admin}.
     *
     * @param method in upper case
     * @param path of a key, as it came; any other folded, as the routes see it. Not decoded
     * @param query as it came, or null
     * @throws ApiException {@code invalid_argument} when the key or prefix is not valid
     */
    Need need(String method, String path, String query);
}
