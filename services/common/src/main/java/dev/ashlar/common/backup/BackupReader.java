package dev.ashlar.common.backup;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.ashlar.common.Limits;

/**
 * Reads a backup.
 *
 * <ol>
 *   <li>The header is read at once; {@link #next} gives the items, a frame at a time, and an empty list at the end.
 *   <li>Only when it has given the empty list is the backup known to be whole: every frame, every section, the manifest and the
 *       hash of everything match, and nothing follows. Whoever must not act on half a backup reads it twice.
 *   <li>Everything else is a {@link BackupException}.
 * </ol>
 *
 * <p>One thread. Memory: one frame.
 */
public final class BackupReader {
    private final DigestInputStream in;
    private final BackupHeader header;
    private final List<ShardSummary> shards = new ArrayList<>();
    private SectionCheck section = new SectionCheck(0);
    private boolean whole;

    /** Reads the header. {@code in} should be buffered. */
    public BackupReader(InputStream in) throws IOException {
        this.in = new DigestInputStream(in, Sha256.digest());
        byte[] magic = this.in.readNBytes(BackupWriter.MAGIC.length);
        if (!Arrays.equals(magic, BackupWriter.MAGIC)) {
            throw new BackupException("this is not a backup");
        }
        int version = this.in.read() << 8 | this.in.read();
        if (version < 1) {
            throw new BackupException("the backup ends too early: it was interrupted");
        }
        if (version > BackupWriter.FORMAT_VERSION) {
            throw new BackupException("the backup has format " + version + ", this version knows formats up to "
                    + BackupWriter.FORMAT_VERSION + ": restore it with a newer one");
        }
        header = header(Frame.read(this.in));
    }

    public BackupHeader header() {
        return header;
    }

    /** The shards that have been read to their ends. */
    public List<ShardSummary> shards() {
        return List.copyOf(shards);
    }

    /** Whether all of it was read and is what was written. */
    public boolean whole() {
        return whole;
    }

    /** The next items; empty when the backup has ended, whole. */
    public List<BackupItem> next() throws IOException {
        while (!whole) {
            if (shards.size() == header.shards()) {
                end();
                break;
            }
            List<BackupItem> items = section.take(Frame.read(in));
            if (section.finished()) {
                shards.add(section.summary());
                section = new SectionCheck(shards.size());
            }
            if (!items.isEmpty()) {
                return items;
            }
        }
        return List.of();
    }

    private static BackupHeader header(Frame frame) throws BackupException {
        if (frame.type() != Frame.HEADER) {
            throw frame.malformed();
        }
        try (DataInputStream fields = frame.fields()) {
            BackupHeader read = new BackupHeader(
                    ItemCodec.text(fields), fields.readLong(), ItemCodec.text(fields), fields.readInt());
            if (read.shards() < 1 || read.shards() > Limits.SHARDS_MAX || fields.available() > 0) {
                throw frame.malformed();
            }
            return read;
        } catch (BackupException known) {
            throw known;
        } catch (IOException cut) {
            throw frame.malformed();
        }
    }

    private void end() throws IOException {
        Frame manifest = Frame.read(in);
        if (manifest.type() != Frame.MANIFEST) {
            throw manifest.malformed();
        }
        try (DataInputStream fields = manifest.fields()) {
            boolean same = ItemCodec.text(fields).equals(header.clusterId()) && fields.readInt() == shards.size();
            for (ShardSummary shard : shards) {
                same = same && SectionCheck.readSummary(fields).equals(shard);
            }
            if (!same || fields.available() > 0) {
                throw new BackupException("the manifest does not fit the sections: the backup is damaged");
            }
        } catch (BackupException known) {
            throw known;
        } catch (IOException cut) {
            throw manifest.malformed();
        }
        byte[] hash = in.getMessageDigest().digest();
        in.on(false);
        Frame end = Frame.read(in);
        if (end.type() != Frame.END || !Arrays.equals(end.payload(), hash)) {
            throw new BackupException("the hash of the whole does not match: the backup is damaged");
        }
        if (in.read() != -1) {
            throw new BackupException("something follows the end of the backup: it is damaged");
        }
        whole = true;
    }
}
