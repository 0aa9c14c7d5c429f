package dev.ashlar.store.kv;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import dev.ashlar.raft.state.Numbers;

/**
 * How a shard stands in its database. The first byte of a row's key says what it is:
 *
 * <table>
 * <tr><td>{@code d} key</td><td>an item: flags, varint revision, varint age (revision − create revision), [varint
 *     expiry], content type, then the value up to the end. The small fields stand first, so that a check of a revision
 *     or a scan of keys copies a few bytes and not the value</td></tr>
 * <tr><td>{@code h} revision (8 bytes)</td><td>the events of one log entry: {@link History}</td></tr>
 * <tr><td>{@code i} idempotency key</td><td>the answer to a request, see {@link IdempotencyWindow}</td></tr>
 * <tr><td>{@code j} number (8 bytes)</td><td>the order in which answers are forgotten</td></tr>
 * <tr><td>{@code s}</td><td>the counters: {@link ShardCounters}</td></tr>
 * <tr><td>{@code l} name</td><td>a lock that is held: {@link LockTable.Held}</td></tr>
 * <tr><td>{@code y} expiry (8 bytes) name</td><td>varint token: which locks expire when</td></tr>
 * <tr><td>{@code x} expiry (8 bytes) key</td><td>varint revision: which keys expire when</td></tr>
 * </table>
 */
final class Rows {
    static final byte DATA = 'd';
    static final byte HISTORY = 'h';
    static final byte ANSWER = 'i';
    static final byte ANSWER_ORDER = 'j';
    static final byte LOCK = 'l';
    static final byte EXPIRY = 'x';
    static final byte LOCK_EXPIRY = 'y';
    static final byte[] COUNTERS = {'s'};

    /** The beginning of an item that is sure to hold its {@link ItemMeta}: flags and three varints of 9 bytes. */
    static final int META_BYTES = 28;
    /** The beginning of an item that is sure to hold all but the value: the longest content type has 1 + 2 + 256 bytes. */
    static final int HEADER_BYTES = META_BYTES + 259;

    private static final int FLAG_EXPIRES = 1;
    private static final int EXPIRY_KEY_OFFSET = 1 + Long.BYTES;

    private Rows() {}

    static byte[] key(byte kind, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        byte[] row = new byte[utf8.length + 1];
        row[0] = kind;
        System.arraycopy(utf8, 0, row, 1, utf8.length);
        return row;
    }

    /** The text of a row's key after its first byte. */
    static String text(byte[] row) {
        return new String(row, 1, row.length - 1, StandardCharsets.UTF_8);
    }

    static byte[] answerOrder(long number) {
        return numbered(ANSWER_ORDER, number);
    }

    static byte[] history(long firstRevision) {
        return numbered(HISTORY, firstRevision);
    }

    static long historyFirst(byte[] historyRow) {
        return Numbers.fromBytes(historyRow, 1);
    }

    private static byte[] numbered(byte kind, long number) {
        byte[] row = new byte[1 + Long.BYTES];
        row[0] = kind;
        System.arraycopy(Numbers.toBytes(number), 0, row, 1, Long.BYTES);
        return row;
    }

    static byte[] expiry(long expiresAtMs, byte[] dataRow) {
        byte[] row = new byte[Long.BYTES + dataRow.length];
        row[0] = EXPIRY;
        System.arraycopy(Numbers.toBytes(expiresAtMs), 0, row, 1, Long.BYTES);
        System.arraycopy(dataRow, 1, row, EXPIRY_KEY_OFFSET, dataRow.length - 1);
        return row;
    }

    static byte[] lockExpiry(long expiresAtMs, String name) {
        byte[] row = expiry(expiresAtMs, key(LOCK, name));
        row[0] = LOCK_EXPIRY;
        return row;
    }

    static long expiresAtMs(byte[] expiryRow) {
        return Numbers.fromBytes(expiryRow, 1);
    }

    static String expiryKey(byte[] expiryRow) {
        return new String(expiryRow, EXPIRY_KEY_OFFSET, expiryRow.length - EXPIRY_KEY_OFFSET, StandardCharsets.UTF_8);
    }

    static byte[] number(long value) {
        ByteWriter out = new ByteWriter(Long.BYTES);
        out.varint(value);
        return out.toBytes();
    }

    static long number(byte[] bytes) throws IOException {
        ByteReader in = new ByteReader(bytes, 0, bytes.length);
        long value = in.varint();
        return good(in, value);
    }

    static byte[] item(ItemMeta meta, String contentType, byte[] value) {
        boolean expires = meta.expiresAtMs() != 0;
        ByteWriter out = new ByteWriter(1
                + ByteWriter.varintBytes(meta.revision())
                + ByteWriter.varintBytes(meta.revision() - meta.createRevision())
                + (expires ? ByteWriter.varintBytes(meta.expiresAtMs()) : 0)
                + ContentTypes.bytes(contentType)
                + value.length);
        out.one(expires ? FLAG_EXPIRES : 0);
        out.varint(meta.revision());
        out.varint(meta.revision() - meta.createRevision());
        if (expires) {
            out.varint(meta.expiresAtMs());
        }
        ContentTypes.write(out, contentType);
        out.raw(value);
        return out.toBytes();
    }

    /** Reads the beginning of an item: {@link #META_BYTES} of it, or all when it is shorter. */
    static ItemMeta meta(byte[] beginning, int length) throws IOException {
        ByteReader in = new ByteReader(beginning, 0, length);
        return good(in, meta(in));
    }

    /** Reads a whole item, or the beginning of one ({@link #HEADER_BYTES}) when its value is not wanted. */
    static Item item(String key, byte[] bytes, int length, boolean withValue) throws IOException {
        ByteReader in = new ByteReader(bytes, 0, length);
        ItemMeta meta = meta(in);
        String contentType = ContentTypes.read(in);
        byte[] value = withValue ? Arrays.copyOfRange(bytes, in.position(), length) : NOTHING;
        return good(in, new Item(key, value, contentType, meta.revision(), meta.createRevision(), meta.expiresAtMs()));
    }

    /**
     * The length of an item's value.
     *
     * @param beginning {@link #HEADER_BYTES} of the item, or all of it when it is shorter
     * @param length how many of those bytes are the item's
     * @param size the length of the whole item
     */
    static int valueBytes(byte[] beginning, int length, int size) throws IOException {
        ByteReader in = new ByteReader(beginning, 0, length);
        meta(in);
        ContentTypes.read(in);
        return good(in, size - in.position());
    }

    private static final byte[] NOTHING = {};

    private static ItemMeta meta(ByteReader in) {
        int flags = in.one();
        long revision = in.varint();
        long createRevision = revision - in.varint();
        return new ItemMeta(revision, createRevision, (flags & FLAG_EXPIRES) != 0 ? in.varint() : 0);
    }

    static <T> T good(ByteReader in, T result) throws IOException {
        if (in.bad()) {
            throw new IOException("a row of the database is not what this version wrote");
        }
        return result;
    }
}
