package dev.ashlar.raft.transport;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

import io.vertx.core.buffer.Buffer;

/** Gathers one handshake message from what a socket delivers, and fails at the first byte that cannot belong to one. */
final class HandshakeReader {
    /** The other side does not speak this protocol at all. */
    static final class ForeignException extends Exception {
        ForeignException() {
            super("not a peer");
        }
    }

    private byte[] gathered = new byte[0];
    private int messageBytes = Handshake.PREFIX_BYTES;

    /** The whole message, when this was its last part. What follows it is then {@link #rest()}. */
    Optional<byte[]> feed(Buffer part) throws ForeignException, ProtocolException {
        int before = gathered.length;
        gathered = Arrays.copyOf(gathered, before + part.length());
        part.getBytes(gathered, before);
        for (int i = before; i < Math.min(gathered.length, Handshake.MAGIC.length); i++) {
            if (gathered[i] != Handshake.MAGIC[i]) {
                throw new ForeignException();
            }
        }
        if (gathered.length < Handshake.PREFIX_BYTES) {
            return Optional.empty();
        }
        ByteBuffer prefix = ByteBuffer.wrap(gathered);
        int major = prefix.getShort(8) & 0xffff;
        if (major != Handshake.MAJOR) {
            throw new ProtocolException("protocol version " + major + ", this process speaks " + Handshake.MAJOR);
        }
        int body = prefix.getShort(12) & 0xffff;
        if (body > TransportLimits.HANDSHAKE_BODY_BYTES_MAX) {
            throw new ProtocolException("handshake of " + body + " bytes");
        }
        messageBytes = Handshake.PREFIX_BYTES + body + 4;
        return gathered.length < messageBytes ? Optional.empty() : Optional.of(Arrays.copyOf(gathered, messageBytes));
    }

    Buffer rest() {
        return Buffer.buffer(Arrays.copyOfRange(gathered, messageBytes, gathered.length));
    }
}
