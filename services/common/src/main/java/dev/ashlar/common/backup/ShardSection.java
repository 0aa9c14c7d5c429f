package dev.ashlar.common.backup;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Writes the section of one shard: a frame that begins it, frames of items in the order of their keys, and one that ends it. */
public final class ShardSection {
    private static final int FRAME_BYTES = 256 << 10;

    private final OutputStream out;
    private final int shard;
    private final long revision;
    private final MessageDigest digest = Sha256.digest();
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private final DataOutputStream fields = new DataOutputStream(pending);
    private long items;
    private long payloadBytes;

    private ShardSection(OutputStream out, int shard, long revision) {
        this.out = out;
        this.shard = shard;
        this.revision = revision;
    }

    /** Begins a section. {@code out} stays open. */
    public static ShardSection begin(OutputStream out, int shard, long revision) throws IOException {
        Frame.of(Frame.SHARD, fields -> {
                    fields.writeInt(shard);
                    fields.writeLong(revision);
                })
                .writeTo(out);
        return new ShardSection(out, shard, revision);
    }

    public void add(BackupItem item) throws IOException {
        ItemCodec.write(fields, item);
        items++;
        payloadBytes += item.payloadBytes();
        if (pending.size() >= FRAME_BYTES) {
            flush();
        }
    }

    /** Ends the section and says what it holds. */
    public ShardSummary end() throws IOException {
        flush();
        ShardSummary summary = new ShardSummary(
                shard, revision, items, payloadBytes, HexFormat.of().formatHex(digest.digest()));
        summaryFrame(summary).writeTo(out);
        return summary;
    }

    private void flush() throws IOException {
        if (pending.size() > 0) {
            byte[] payload = pending.toByteArray();
            pending.reset();
            digest.update(payload);
            new Frame(Frame.ITEMS, payload).writeTo(out);
        }
    }

    private static Frame summaryFrame(ShardSummary summary) {
        return Frame.of(Frame.SHARD_END, fields -> writeSummary(fields, summary));
    }

    static void writeSummary(DataOutputStream fields, ShardSummary summary) throws IOException {
        fields.writeInt(summary.shard());
        fields.writeLong(summary.revision());
        fields.writeLong(summary.items());
        fields.writeLong(summary.payloadBytes());
        ItemCodec.text(fields, summary.sha256());
    }
}
