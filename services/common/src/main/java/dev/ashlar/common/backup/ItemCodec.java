package dev.ashlar.common.backup;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.ashlar.common.Limits;

/** Items in the payload of a frame, one after the other, each with a kind first. */
final class ItemCodec {
    /** A key with its value. A reader that meets another kind refuses the backup: leaving something out would be silent loss. */
    private static final int KIND_ITEM = 1;

    private static final int VALUE_BYTES_MAX = Limits.VALUE_BYTES_MAX;

    private ItemCodec() {}

    static void write(DataOutputStream out, BackupItem item) throws IOException {
        out.writeByte(KIND_ITEM);
        text(out, item.key());
        text(out, item.contentType());
        out.writeLong(item.revision());
        out.writeLong(item.createRevision());
        out.writeLong(item.ttlMs());
        out.writeInt(item.value().length);
        out.write(item.value());
    }

    static List<BackupItem> read(Frame frame) throws BackupException {
        List<BackupItem> items = new ArrayList<>();
        try (DataInputStream in = frame.fields()) {
            while (in.available() > 0) {
                int kind = in.readUnsignedByte();
                if (kind != KIND_ITEM) {
                    throw new BackupException("the backup holds something of kind " + kind
                            + ", which this version does not know: restore it with a newer one");
                }
                String key = text(in);
                String contentType = text(in);
                long revision = in.readLong();
                long createRevision = in.readLong();
                long ttlMs = in.readLong();
                int length = in.readInt();
                if (key.isEmpty() || ttlMs < 0 || length < 0 || length > VALUE_BYTES_MAX || length > in.available()) {
                    throw frame.malformed();
                }
                byte[] value = in.readNBytes(length);
                items.add(new BackupItem(key, value, contentType, revision, createRevision, ttlMs));
            }
        } catch (BackupException known) {
            throw known;
        } catch (IOException cut) {
            throw frame.malformed();
        }
        return items;
    }

    static void text(DataOutputStream out, String text) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeShort(utf8.length);
        out.write(utf8);
    }

    static String text(DataInputStream in) throws IOException {
        int length = in.readUnsignedShort();
        if (length > in.available()) {
            throw new EOFException();
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }
}
