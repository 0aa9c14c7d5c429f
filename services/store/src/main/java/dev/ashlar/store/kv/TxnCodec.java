package dev.ashlar.store.kv;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.ashlar.common.Limits;

/** Transactions and their results as bytes. Strict like {@link KvCommandCodec}; a reader that is bad afterwards read nothing. */
final class TxnCodec {
    private static final int GET = 1;
    private static final int PUT = 2;
    private static final int DELETE = 3;

    private static final int BY_REVISION = 1;
    private static final int BY_VALUE = 2;

    private static final int FOUND = 1;
    private static final int MISSING = 2;
    private static final int WRITTEN = 3;
    private static final int CREATED = 4;
    private static final int DELETED = 5;

    private TxnCodec() {}

    static void write(ByteWriter out, KvCommand.Txn txn) {
        out.varint(txn.compares().size());
        for (TxnCompare compare : txn.compares()) {
            switch (compare) {
                case TxnCompare.Revision(String key, Precondition expected) -> {
                    out.one(BY_REVISION);
                    out.text(key);
                    KvCommandCodec.precondition(out, expected);
                }
                case TxnCompare.Value(String key, byte[] expected) -> {
                    out.one(BY_VALUE);
                    out.text(key);
                    out.block(expected);
                }
            }
        }
        ops(out, txn.then());
        ops(out, txn.otherwise());
    }

    private static void ops(ByteWriter out, List<TxnOp> ops) {
        out.varint(ops.size());
        for (TxnOp op : ops) {
            switch (op) {
                case TxnOp.Get(String key) -> {
                    out.one(GET);
                    out.text(key);
                }
                case TxnOp.Put(KvCommand.Put put) -> {
                    out.one(PUT);
                    KvCommandCodec.put(out, put);
                }
                case TxnOp.Delete(String key) -> {
                    out.one(DELETE);
                    out.text(key);
                }
            }
        }
    }

    /** How many bytes {@link #write} writes. */
    static int expectedBytes(KvCommand.Txn txn) {
        int bytes = ByteWriter.varintBytes(txn.compares().size());
        for (TxnCompare compare : txn.compares()) {
            bytes += 1
                    + ByteWriter.textBytes(compare.key())
                    + switch (compare) {
                        case TxnCompare.Revision(String key, Precondition expected) ->
                            KvCommandCodec.preconditionBytes(expected);
                        case TxnCompare.Value(String key, byte[] expected) -> ByteWriter.blockBytes(expected.length);
                    };
        }
        return bytes + expectedBytes(txn.then()) + expectedBytes(txn.otherwise());
    }

    private static int expectedBytes(List<TxnOp> ops) {
        int bytes = ByteWriter.varintBytes(ops.size());
        for (TxnOp op : ops) {
            bytes += 1
                    + (op instanceof TxnOp.Put(KvCommand.Put put)
                            ? KvCommandCodec.putBytes(put)
                            : ByteWriter.textBytes(op.key()));
        }
        return bytes;
    }

    static Optional<KvCommand> read(ByteReader in) {
        int compares = count(in);
        List<TxnCompare> compare = new ArrayList<>();
        for (int i = 0; i < compares && !in.bad(); i++) {
            Optional<TxnCompare> one = compare(in);
            if (one.isEmpty()) {
                return Optional.empty();
            }
            compare.add(one.get());
        }
        Optional<List<TxnOp>> then = ops(in);
        Optional<List<TxnOp>> otherwise = then.isEmpty() ? then : ops(in);
        return in.bad() || otherwise.isEmpty()
                ? Optional.empty()
                : Optional.of(new KvCommand.Txn(compare, then.get(), otherwise.get()));
    }

    private static Optional<TxnCompare> compare(ByteReader in) {
        int kind = in.one();
        String key = in.text(Limits.KEY_BYTES_MAX);
        return switch (kind) {
            case BY_REVISION -> {
                Optional<Precondition> expected = KvCommandCodec.precondition(in);
                yield in.bad() ? Optional.empty() : expected.map(p -> new TxnCompare.Revision(key, p));
            }
            case BY_VALUE -> {
                byte[] expected = in.block(Limits.VALUE_BYTES_MAX);
                yield in.bad() ? Optional.empty() : Optional.of(new TxnCompare.Value(key, expected));
            }
            default -> Optional.empty();
        };
    }

    private static Optional<List<TxnOp>> ops(ByteReader in) {
        int count = count(in);
        List<TxnOp> ops = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Optional<? extends TxnOp> op =
                    switch (in.one()) {
                        case GET -> key(in).map(TxnOp.Get::new);
                        case PUT -> KvCommandCodec.put(in).map(TxnOp.Put::new);
                        case DELETE -> key(in).map(TxnOp.Delete::new);
                        default -> Optional.empty();
                    };
            if (op.isEmpty()) {
                return Optional.empty();
            }
            ops.add(op.get());
        }
        return Optional.of(ops);
    }

    private static Optional<String> key(ByteReader in) {
        String key = in.text(Limits.KEY_BYTES_MAX);
        return in.bad() ? Optional.empty() : Optional.of(key);
    }

    private static int count(ByteReader in) {
        long count = in.varint();
        if (count > Limits.TXN_OPS_MAX) {
            in.spoil();
            return 0;
        }
        return (int) count;
    }

    static void writeResults(ByteWriter out, KvResult.TxnDone done) {
        out.one(done.succeeded() ? 1 : 0);
        out.varint(done.revision());
        out.varint(done.results().size());
        for (TxnResult result : done.results()) {
            switch (result) {
                case TxnResult.Got(Optional<Item> item) -> {
                    out.one(item.isPresent() ? FOUND : MISSING);
                    item.ifPresent(found -> {
                        out.text(found.key());
                        out.block(Rows.item(
                                new ItemMeta(found.revision(), found.createRevision(), found.expiresAtMs()),
                                found.contentType(),
                                found.value()));
                    });
                }
                case TxnResult.Written(long revision, boolean created) -> {
                    out.one(created ? CREATED : WRITTEN);
                    out.varint(revision);
                }
                case TxnResult.Deleted(long revision) -> {
                    out.one(DELETED);
                    out.varint(revision);
                }
            }
        }
    }

    static KvResult.TxnDone readResults(ByteReader in) {
        boolean succeeded = in.one() == 1;
        long revision = in.varint();
        int count = count(in);
        List<TxnResult> results = new ArrayList<>();
        for (int i = 0; i < count && !in.bad(); i++) {
            switch (in.one()) {
                case FOUND -> results.add(found(in));
                case MISSING -> results.add(new TxnResult.Got(Optional.empty()));
                case WRITTEN -> results.add(new TxnResult.Written(in.varint(), false));
                case CREATED -> results.add(new TxnResult.Written(in.varint(), true));
                case DELETED -> results.add(new TxnResult.Deleted(in.varint()));
                default -> in.spoil();
            }
        }
        return new KvResult.TxnDone(succeeded, revision, List.copyOf(results));
    }

    private static TxnResult found(ByteReader in) {
        String key = in.text(Limits.KEY_BYTES_MAX);
        byte[] row = in.block(Limits.VALUE_BYTES_MAX + Rows.HEADER_BYTES);
        try {
            return new TxnResult.Got(Optional.of(Rows.item(key, row, row.length, true)));
        } catch (IOException garbled) {
            in.spoil();
            return new TxnResult.Got(Optional.empty());
        }
    }
}
