package dev.ashlar.common.backup;

import java.io.DataInputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Follows the frames of one section and checks that they are whole and say the same. */
final class SectionCheck {
    private final int shard;
    private final MessageDigest digest = Sha256.digest();
    private boolean begun;
    private long revision;
    private long items;
    private long payloadBytes;
    private String lastKey = "";
    private Optional<ShardSummary> summary = Optional.empty();

    SectionCheck(int shard) {
        this.shard = shard;
    }

    boolean finished() {
        return summary.isPresent();
    }

    ShardSummary summary() {
        return summary.orElseThrow();
    }

    /** Takes the next frame; gives its items. */
    List<BackupItem> take(Frame frame) throws BackupException {
        if (!begun) {
            begin(frame);
            return List.of();
        }
        switch (frame.type()) {
            case Frame.ITEMS -> {
                List<BackupItem> read = ItemCodec.read(frame);
                digest.update(frame.payload());
                for (BackupItem item : read) {
                    count(item);
                }
                return read;
            }
            case Frame.SHARD_END -> {
                end(frame);
                return List.of();
            }
            default ->
                throw new BackupException("the section of shard " + shard + " does not end: the backup is damaged");
        }
    }

    private void count(BackupItem item) throws BackupException {
        if (items > 0 && compareUtf8(lastKey, item.key()) >= 0) {
            throw new BackupException("the keys of shard " + shard + " are out of order: the backup is damaged");
        }
        lastKey = item.key();
        items++;
        payloadBytes += item.payloadBytes();
    }

    private static int compareUtf8(String a, String b) {
        return java.util.Arrays.compareUnsigned(
                a.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                b.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private void begin(Frame frame) throws BackupException {
        if (frame.type() != Frame.SHARD) {
            throw new BackupException("the section of shard " + shard + " is missing: the backup is damaged");
        }
        try (DataInputStream fields = frame.fields()) {
            int found = fields.readInt();
            revision = fields.readLong();
            if (found != shard || fields.available() > 0) {
                throw frame.malformed();
            }
        } catch (BackupException known) {
            throw known;
        } catch (IOException cut) {
            throw frame.malformed();
        }
        begun = true;
    }

    private void end(Frame frame) throws BackupException {
        ShardSummary counted = new ShardSummary(
                shard, revision, items, payloadBytes, HexFormat.of().formatHex(digest.digest()));
        try (DataInputStream fields = frame.fields()) {
            ShardSummary said = readSummary(fields);
            if (!said.equals(counted) || fields.available() > 0) {
                throw new BackupException("the section of shard " + shard + " holds " + counted + " but says " + said);
            }
        } catch (BackupException known) {
            throw known;
        } catch (IOException cut) {
            throw frame.malformed();
        }
        summary = Optional.of(counted);
    }

    static ShardSummary readSummary(DataInputStream fields) throws IOException {
        return new ShardSummary(
                fields.readInt(), fields.readLong(), fields.readLong(), fields.readLong(), ItemCodec.text(fields));
    }
}
