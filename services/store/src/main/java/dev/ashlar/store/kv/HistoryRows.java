package dev.ashlar.store.kv;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.ashlar.common.Limits;

/**
 * A part of the history of a shard: whole rows, in order. Immutable.
 *
 * @param revision the shard's revision when they were read
 * @param compacted whether what was asked for has been forgotten; there are no rows then
 */
public record HistoryRows(List<Row> rows, long revision, boolean compacted) {
    /** One row, whose first event is that of revision {@code first}. */
    @SuppressWarnings("ArrayRecordComponent") // Read from the database, nobody changes it.
    public record Row(long first, byte[] bytes) {
        /** The revision of its last event. */
        long last() throws IOException {
            ByteReader in = new ByteReader(bytes, 0, bytes.length);
            in.varint();
            return Rows.good(in, first + in.varint() - 1);
        }
    }

    private static final HistoryEvent.Kind[] KINDS = HistoryEvent.Kind.values();

    /** The events after a revision, one for each revision, without a gap. */
    public List<HistoryEvent> after(long revision) throws IOException {
        List<HistoryEvent> events = new ArrayList<>();
        for (Row row : rows) {
            ByteReader in = new ByteReader(row.bytes(), 0, row.bytes().length);
            in.varint();
            long count = in.varint();
            for (long i = 0; i < count; i++) {
                HistoryEvent event = event(in, row.first() + i);
                if (event.revision() > revision) {
                    events.add(event);
                }
            }
            if (!in.finished()) {
                throw new IOException("a row of the history is not what this version wrote");
            }
        }
        return events;
    }

    private static HistoryEvent event(ByteReader in, long revision) throws IOException {
        int kind = in.one();
        String key = in.text(Limits.KEY_BYTES_MAX);
        if (in.bad() || kind >= KINDS.length) {
            throw new IOException("a row of the history is not what this version wrote");
        }
        if (KINDS[kind] != HistoryEvent.Kind.PUT) {
            return new HistoryEvent(revision, KINDS[kind], key, Optional.empty());
        }
        byte[] row = in.block(Limits.VALUE_BYTES_MAX + Rows.HEADER_BYTES);
        return new HistoryEvent(revision, KINDS[kind], key, Optional.of(Rows.item(key, row, row.length, true)));
    }

    /** For another store. */
    public byte[] encode() {
        ByteWriter out = new ByteWriter(
                32 + rows.stream().mapToInt(row -> row.bytes().length + 16).sum());
        out.one(compacted ? 1 : 0);
        out.varint(revision);
        for (Row row : rows) {
            out.varint(row.first());
            out.block(row.bytes());
        }
        return out.toBytes();
    }

    /** Nothing when the bytes are not what {@link #encode} gives. */
    public static Optional<HistoryRows> decode(byte[] bytes) {
        ByteReader in = new ByteReader(bytes, 0, bytes.length);
        boolean compacted = in.one() == 1;
        long revision = in.varint();
        List<Row> rows = new ArrayList<>();
        while (!in.bad() && !in.finished()) {
            rows.add(new Row(in.varint(), in.block(bytes.length)));
        }
        return in.bad() ? Optional.empty() : Optional.of(new HistoryRows(rows, revision, compacted));
    }
}
