package dev.ashlar.client;

import java.nio.charset.StandardCharsets;

/**
 * A key as it is stored. Nobody compares entries or changes a value.
 *
 * @param value empty when only keys were asked for
 * @param revision of this key's last write: the one for {@link WriteOptions#ifRevision}
 */
@SuppressWarnings("ArrayRecordComponent")
public record Entry(String key, byte[] value, long revision, String contentType) {
    /** The value as UTF-8. */
    public String text() {
        return new String(value, StandardCharsets.UTF_8);
    }
}
