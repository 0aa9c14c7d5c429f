package dev.ashlar.common.backup;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

import dev.ashlar.common.Limits;

/**
 * The unit of a backup: a type, a payload, and a CRC-32C over both and the length.
 *
 * @param type one of the constants
 */
@SuppressWarnings("ArrayRecordComponent") // Read once, written once.
record Frame(byte type, byte[] payload) {
    static final byte HEADER = 'C';
    static final byte SHARD = 'S';
    static final byte ITEMS = 'I';
    static final byte SHARD_END = 'E';
    static final byte MANIFEST = 'M';
    static final byte END = 'Z';

    /** Writes fields of a payload; the stream is memory and does not fail. */
    @FunctionalInterface
    interface Fields {
        void write(DataOutputStream out) throws IOException;
    }

    static Frame of(byte type, Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            fields.write(out);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return new Frame(type, bytes.toByteArray());
    }

    void writeTo(OutputStream out) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(1 + Integer.BYTES).put(type).putInt(payload.length);
        out.write(head.array());
        out.write(payload);
        out.write(ByteBuffer.allocate(Integer.BYTES).putInt(crc()).array());
    }

    /** The next frame; a {@link BackupException} when the input ends within it or it is not what was written. */
    static Frame read(InputStream in) throws IOException {
        DataInputStream data = new DataInputStream(in);
        try {
            byte type = data.readByte();
            int length = data.readInt();
            if (length < 0 || length > Limits.BACKUP_FRAME_BYTES_MAX) {
                throw new BackupException("a frame cannot have " + length + " bytes: the backup is damaged");
            }
            byte[] payload = data.readNBytes(length);
            if (payload.length < length) {
                throw new EOFException();
            }
            Frame frame = new Frame(type, payload);
            if (data.readInt() != frame.crc()) {
                throw new BackupException("a frame's checksum does not match: the backup is damaged");
            }
            return frame;
        } catch (EOFException cut) {
            throw new BackupException("the backup ends too early: it was interrupted");
        }
    }

    private int crc() {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(1 + Integer.BYTES)
                .put(type)
                .putInt(payload.length)
                .flip());
        crc.update(payload);
        return (int) crc.getValue();
    }

    DataInputStream fields() {
        return new DataInputStream(new java.io.ByteArrayInputStream(payload));
    }

    BackupException malformed() {
        return new BackupException("a frame of type '" + (char) type + "' is malformed: the backup is damaged");
    }
}
