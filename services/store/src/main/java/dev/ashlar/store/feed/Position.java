package dev.ashlar.store.feed;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

import dev.ashlar.common.Limits;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;

/**
 * How far a watch has come: a revision for each shard. Clients see it as an opaque text, the id of an event; it means the
 * same to every store of the cluster, since the revisions are those of the replicated log.
 */
final class Position {
    private static final int VERSION = 1;
    private static final int TAG_BYTES = 4;
    private static final int TEXT_LENGTH_MAX = 16 + Limits.SHARDS_MAX * 14;

    private Position() {}

    /** @param clusterId so that a cursor of another cluster is known as such */
    static String encode(String clusterId, long[] revisions) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(8 + 4 * revisions.length);
        out.write(VERSION);
        int tag = clusterId.hashCode();
        for (int i = 0; i < TAG_BYTES; i++) {
            out.write(tag >>> (Byte.SIZE * i));
        }
        for (long revision : revisions) {
            // A shard that does not matter to the watch may be unknown.
            long rest = Math.max(0, revision);
            while ((rest & ~0x7fL) != 0) {
                out.write((int) (rest | 0x80));
                rest >>>= 7;
            }
            out.write((int) rest);
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(out.toByteArray());
    }

    /** Throws {@code invalid_argument} when it is no cursor, {@code compacted} when it is one of another cluster. */
    static long[] decode(String text, String clusterId, int shards) {
        byte[] bytes = bytes(text).orElseThrow(Position::bad);
        if (bytes.length <= TAG_BYTES || bytes[0] != VERSION) {
            throw bad();
        }
        int tag = 0;
        for (int i = 0; i < TAG_BYTES; i++) {
            tag |= (bytes[1 + i] & 0xff) << (Byte.SIZE * i);
        }
        if (tag != clusterId.hashCode()) {
            throw new ApiException(
                    ErrorCode.COMPACTED,
                    "the cursor belongs to another cluster (this one may be restored from a backup). Read the present "
                            + "state and watch from there");
        }
        long[] revisions = new long[shards];
        int at = 1 + TAG_BYTES;
        for (int shard = 0; shard < shards; shard++) {
            int shift = 0;
            int b;
            do {
                if (at >= bytes.length || shift > 56) {
                    throw bad();
                }
                b = bytes[at++];
                revisions[shard] |= (b & 0x7fL) << shift;
                shift += 7;
            } while ((b & 0x80) != 0);
        }
        if (at != bytes.length || Arrays.stream(revisions).anyMatch(revision -> revision < 0)) {
            throw bad();
        }
        return revisions;
    }

    private static Optional<byte[]> bytes(String text) {
        if (text.length() > TEXT_LENGTH_MAX) {
            return Optional.empty();
        }
        try {
            return Optional.of(Base64.getUrlDecoder().decode(text));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private static ApiException bad() {
        return new ApiException(ErrorCode.INVALID_ARGUMENT, "the cursor is not one that a watch has given out");
    }
}
