package dev.ashlar.raft.transport;

import java.util.List;
import java.util.zip.CRC32C;

import io.vertx.core.buffer.Buffer;

/** Frames as bytes: u32 length, u32 CRC32C of the payload, payload. A ping is a length of 0 alone, and so is its answer. */
final class FrameCodec {
    static final int HEADER_BYTES = 8;

    private FrameCodec() {}

    static Buffer encode(List<byte[]> frames) {
        int bytes = 0;
        for (byte[] frame : frames) {
            bytes += HEADER_BYTES + frame.length;
        }
        Buffer out = Buffer.buffer(bytes);
        for (byte[] frame : frames) {
            out.appendInt(frame.length).appendInt(crc(frame)).appendBytes(frame);
        }
        return out;
    }

    static Buffer ping() {
        return Buffer.buffer(4).appendInt(0);
    }

    static int crc(byte[] frame) {
        CRC32C crc = new CRC32C();
        crc.update(frame, 0, frame.length);
        return (int) crc.getValue();
    }
}
