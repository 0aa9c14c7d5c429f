package dev.ashlar.raft.transport;

import java.util.Arrays;

import io.vertx.core.buffer.Buffer;

import dev.ashlar.common.Limits;

/**
 * Cuts frames out of what a socket delivers. Holds at most one frame, and of a long one no more than twice what has come,
 * so that an announced length alone costs nothing (S8).
 */
final class FrameReader {
    /** Where frames and pings go. */
    interface Sink {
        void frame(byte[] payload);

        void ping();
    }

    private static final byte[] NONE = {};

    private final Sink sink;
    private int header;
    private int headerBytes;
    private int length;
    private int crc;
    private byte[] payload = NONE;
    private int filled;
    private State state = State.LENGTH;

    private enum State {
        LENGTH,
        CRC,
        PAYLOAD
    }

    FrameReader(Sink sink) {
        this.sink = sink;
    }

    void feed(Buffer part) throws ProtocolException {
        int at = 0;
        int end = part.length();
        while (at < end) {
            if (state == State.PAYLOAD) {
                at += fill(part, at, end);
            } else if (headerBytes == 0 && end - at >= 4) {
                int value = part.getInt(at);
                at += 4;
                headerDone(value);
            } else {
                header = header << 8 | part.getUnsignedByte(at++);
                if (++headerBytes == 4) {
                    headerDone(header);
                }
            }
        }
    }

    private void headerDone(int value) throws ProtocolException {
        header = 0;
        headerBytes = 0;
        if (state == State.CRC) {
            crc = value;
            payload = new byte[Math.min(length, TransportLimits.FRAME_EAGER_BYTES_MAX)];
            state = State.PAYLOAD;
        } else if (value == 0) {
            sink.ping();
        } else if (value < 0 || value > Limits.PEER_FRAME_BYTES_MAX) {
            throw new ProtocolException("frame of " + (value & 0xffffffffL) + " bytes");
        } else {
            length = value;
            state = State.CRC;
        }
    }

    private int fill(Buffer part, int at, int end) throws ProtocolException {
        int count = Math.min(end - at, length - filled);
        if (filled + count > payload.length) {
            long grown = Math.max(2L * payload.length, filled + count);
            payload = Arrays.copyOf(payload, (int) Math.min(length, grown));
        }
        part.getBytes(at, at + count, payload, filled);
        filled += count;
        if (filled == length) {
            byte[] whole = payload;
            payload = NONE;
            filled = 0;
            state = State.LENGTH;
            if (FrameCodec.crc(whole) != crc) {
                throw new ProtocolException("checksum of a frame of " + length + " bytes differs");
            }
            sink.frame(whole);
        }
        return count;
    }
}
