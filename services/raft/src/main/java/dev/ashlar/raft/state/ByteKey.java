package dev.ashlar.raft.state;

import java.util.Arrays;

/** Bytes as the key of a map. They must not be changed afterwards. */
@SuppressWarnings("ArrayRecordComponent") // equals and hashCode look at the bytes
record ByteKey(byte[] bytes) {
    @Override
    public boolean equals(Object other) {
        return other instanceof ByteKey(byte[] otherBytes) && Arrays.equals(bytes, otherBytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
