package dev.ashlar.common.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a backup: the header, the sections of all shards in their order, the manifest, and a hash of everything. What was not
 * {@link #finish finished} is no backup, and every reader says so. One thread.
 */
public final class BackupWriter {
    static final byte[] MAGIC = "ASHLARBK".getBytes(StandardCharsets.US_ASCII);

    /** The number of this layout. */
    public static final int FORMAT_VERSION = 1;

    private final DigestOutputStream out;
    private final BackupHeader header;
    private final List<ShardSummary> shards = new ArrayList<>();

    /** Writes the header. {@code out} should be buffered, and stays open. */
    public BackupWriter(OutputStream out, BackupHeader header) throws IOException {
        this.out = new DigestOutputStream(out, Sha256.digest());
        this.header = header;
        this.out.write(MAGIC);
        this.out.write(FORMAT_VERSION >>> 8);
        this.out.write(FORMAT_VERSION);
        Frame.of(Frame.HEADER, fields -> {
                    ItemCodec.text(fields, header.clusterId());
                    fields.writeLong(header.createdMs());
                    ItemCodec.text(fields, header.version());
                    fields.writeInt(header.shards());
                })
                .writeTo(this.out);
    }

    /** Writes a section of its own. */
    @FunctionalInterface
    public interface Section {
        ShardSummary write(OutputStream out) throws IOException;
    }

    /** The next shard, written here. */
    public ShardSummary shard(Section section) throws IOException {
        ShardSummary summary = section.write(out);
        shards.add(summary);
        return summary;
    }

    /** The next shard, as another process wrote it with {@link ShardSection}; checks it on the way. */
    public ShardSummary shard(int shard, InputStream from) throws IOException {
        SectionCheck check = new SectionCheck(shard);
        while (!check.finished()) {
            Frame frame = Frame.read(from);
            check.take(frame);
            frame.writeTo(out);
        }
        shards.add(check.summary());
        return check.summary();
    }

    /** Writes manifest and hash. Gives the manifest. */
    public List<ShardSummary> finish() throws IOException {
        if (shards.size() != header.shards()) {
            throw new IllegalStateException(shards.size() + " of " + header.shards() + " shards were written");
        }
        Frame.of(Frame.MANIFEST, fields -> {
                    ItemCodec.text(fields, header.clusterId());
                    fields.writeInt(shards.size());
                    for (ShardSummary shard : shards) {
                        ShardSection.writeSummary(fields, shard);
                    }
                })
                .writeTo(out);
        byte[] hash = out.getMessageDigest().digest();
        out.on(false);
        new Frame(Frame.END, hash).writeTo(out);
        out.flush();
        return List.copyOf(shards);
    }
}
