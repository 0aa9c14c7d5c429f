package dev.ashlar.store.kv;

import java.util.Optional;

import dev.ashlar.common.Limits;
import dev.ashlar.common.error.ApiException;

/**
 * Commands as bytes in the log: {@code version, flags, varint stamp, [idempotency key, hash], [lock,
 * token], type, body}. Every command
 * has exactly one encoding. Decoding is strict and never throws: what it does not know becomes an answer, the same on
 * every replica.
 */
final class KvCommandCodec {
    private static final int VERSION = 1;
    private static final int FLAG_IDEMPOTENT = 1;
    private static final int FLAG_FENCED = 2;

    private static final int TYPE_PUT = 1;
    private static final int TYPE_DELETE = 2;
    private static final int TYPE_EXPIRE = 3;
    private static final int TYPE_TXN = 4;
    private static final int TYPE_DELETE_RANGE = 5;
    private static final int TYPE_LOCK = 6;
    private static final int TYPE_UNLOCK = 7;
    private static final int TYPE_EXPIRE_LOCK = 8;

    private static final int PRE_NONE = 0;
    private static final int PRE_ABSENT = 1;
    private static final int PRE_EXISTS = 2;
    private static final int PRE_REVISION = 3;

    private KvCommandCodec() {}

    static byte[] encode(KvEnvelope envelope) {
        boolean idempotent = !envelope.idempotencyKey().isEmpty();
        boolean fenced = envelope.fence().isPresent();
        ByteWriter out = new ByteWriter(expectedBytes(envelope));
        out.one(VERSION);
        out.one((idempotent ? FLAG_IDEMPOTENT : 0) | (fenced ? FLAG_FENCED : 0));
        out.varint(envelope.stampMs());
        if (idempotent) {
            out.text(envelope.idempotencyKey());
            out.fixed64(envelope.requestHash());
        }
        if (fenced) {
            out.text(envelope.fence().get().lock());
            out.varint(envelope.fence().get().token());
        }
        body(out, envelope.command());
        return out.toBytes();
    }

    /** A hash of what a command asks for, without when and by whom. */
    static long hash(KvCommand command) {
        ByteWriter out = new ByteWriter(expectedBytes(command));
        body(out, command);
        byte[] bytes = out.toBytes();
        return dev.ashlar.raft.state.Hash64.of(bytes, 0, bytes.length);
    }

    /** The envelope, or nothing when the bytes are not one that this version knows. */
    static Optional<KvEnvelope> decode(byte[] bytes) {
        ByteReader in = new ByteReader(bytes, 0, bytes.length);
        if (in.one() != VERSION) {
            return Optional.empty();
        }
        int flags = in.one();
        long stampMs = in.varint();
        boolean idempotent = (flags & FLAG_IDEMPOTENT) != 0;
        boolean fenced = (flags & FLAG_FENCED) != 0;
        String idempotencyKey = idempotent ? in.text(Limits.IDEMPOTENCY_KEY_BYTES_MAX) : "";
        long hash = idempotent ? in.fixed64() : 0;
        String lock = fenced ? in.text(Limits.KEY_BYTES_MAX) : "";
        long token = fenced ? in.varint() : 0;
        if (in.bad() || flags > (FLAG_IDEMPOTENT | FLAG_FENCED)) {
            return Optional.empty();
        }
        try {
            Optional<Fence> fence = fenced ? Optional.of(new Fence(lock, token)) : Optional.empty();
            Optional<KvCommand> command = command(in);
            return command.isPresent() && in.finished()
                    ? Optional.of(new KvEnvelope(command.get(), stampMs, idempotencyKey, hash, fence))
                    : Optional.empty();
        } catch (ApiException outOfLimits) {
            return Optional.empty();
        }
    }

    private static void body(ByteWriter out, KvCommand command) {
        switch (command) {
            case KvCommand.Put put -> {
                out.one(TYPE_PUT);
                put(out, put);
            }
            case KvCommand.Delete delete -> {
                out.one(TYPE_DELETE);
                out.text(delete.key());
                precondition(out, delete.precondition());
            }
            case KvCommand.Expire expire -> {
                out.one(TYPE_EXPIRE);
                out.text(expire.key());
                out.varint(expire.revision());
            }
            case KvCommand.Txn txn -> {
                out.one(TYPE_TXN);
                TxnCodec.write(out, txn);
            }
            case KvCommand.DeleteRange(String prefix, String afterKey, long boundary) -> {
                out.one(TYPE_DELETE_RANGE);
                out.text(prefix);
                out.text(afterKey);
                out.varint(boundary);
            }
            case KvCommand.Lock(String name, String owner, long ttlMs) -> {
                out.one(TYPE_LOCK);
                out.text(name);
                out.text(owner);
                out.varint(ttlMs);
            }
            case KvCommand.Unlock(String name, String owner) -> {
                out.one(TYPE_UNLOCK);
                out.text(name);
                out.text(owner);
            }
            case KvCommand.ExpireLock(String name, long token) -> {
                out.one(TYPE_EXPIRE_LOCK);
                out.text(name);
                out.varint(token);
            }
        }
    }

    private static Optional<KvCommand> command(ByteReader in) {
        return switch (in.one()) {
            case TYPE_PUT -> put(in).map(put -> put);
            case TYPE_DELETE -> {
                String key = in.text(Limits.KEY_BYTES_MAX);
                Optional<Precondition> precondition = precondition(in);
                yield in.bad() ? Optional.empty() : precondition.map(p -> new KvCommand.Delete(key, p));
            }
            case TYPE_EXPIRE -> {
                String key = in.text(Limits.KEY_BYTES_MAX);
                long revision = in.varint();
                yield in.bad() ? Optional.empty() : Optional.of(new KvCommand.Expire(key, revision));
            }
            case TYPE_TXN -> TxnCodec.read(in);
            case TYPE_DELETE_RANGE -> {
                String prefix = in.textOrEmpty(Limits.KEY_BYTES_MAX);
                String afterKey = in.textOrEmpty(Limits.KEY_BYTES_MAX);
                long boundary = in.varint();
                yield in.bad() ? Optional.empty() : Optional.of(new KvCommand.DeleteRange(prefix, afterKey, boundary));
            }
            case TYPE_LOCK -> {
                String name = in.text(Limits.KEY_BYTES_MAX);
                String owner = in.text(Limits.LOCK_OWNER_BYTES_MAX);
                long ttlMs = in.varint();
                yield in.bad() ? Optional.empty() : Optional.of(new KvCommand.Lock(name, owner, ttlMs));
            }
            case TYPE_UNLOCK -> {
                String name = in.text(Limits.KEY_BYTES_MAX);
                String owner = in.text(Limits.LOCK_OWNER_BYTES_MAX);
                yield in.bad() ? Optional.empty() : Optional.of(new KvCommand.Unlock(name, owner));
            }
            case TYPE_EXPIRE_LOCK -> {
                String name = in.text(Limits.KEY_BYTES_MAX);
                long token = in.varint();
                yield in.bad() ? Optional.empty() : Optional.of(new KvCommand.ExpireLock(name, token));
            }
            default -> Optional.empty();
        };
    }

    /** The fields of a put, without its type. */
    static void put(ByteWriter out, KvCommand.Put put) {
        out.text(put.key());
        precondition(out, put.precondition());
        out.varint(put.ttlMs());
        ContentTypes.write(out, put.contentType());
        out.block(put.value());
    }

    static Optional<KvCommand.Put> put(ByteReader in) {
        String key = in.text(Limits.KEY_BYTES_MAX);
        Optional<Precondition> precondition = precondition(in);
        long ttlMs = in.varint();
        String contentType = ContentTypes.read(in);
        byte[] value = in.block(Limits.VALUE_BYTES_MAX);
        return in.bad()
                ? Optional.empty()
                : precondition.map(p -> new KvCommand.Put(key, value, contentType, p, ttlMs));
    }

    static void precondition(ByteWriter out, Precondition precondition) {
        switch (precondition) {
            case Precondition.None none -> out.one(PRE_NONE);
            case Precondition.Absent absent -> out.one(PRE_ABSENT);
            case Precondition.Exists exists -> out.one(PRE_EXISTS);
            case Precondition.AtRevision at -> {
                out.one(PRE_REVISION);
                out.varint(at.revision());
            }
        }
    }

    static Optional<Precondition> precondition(ByteReader in) {
        return switch (in.one()) {
            case PRE_NONE -> Optional.of(Precondition.NONE);
            case PRE_ABSENT -> Optional.of(Precondition.ABSENT);
            case PRE_EXISTS -> Optional.of(Precondition.EXISTS);
            case PRE_REVISION -> {
                long revision = in.varint();
                yield revision < 1 ? Optional.empty() : Optional.of(new Precondition.AtRevision(revision));
            }
            default -> Optional.empty();
        };
    }

    /** How many bytes {@link #encode} writes: every write passes there, and one array of the right length is enough. */
    static int expectedBytes(KvEnvelope envelope) {
        boolean idempotent = !envelope.idempotencyKey().isEmpty();
        return 2
                + ByteWriter.varintBytes(envelope.stampMs())
                + (idempotent ? ByteWriter.textBytes(envelope.idempotencyKey()) + Long.BYTES : 0)
                + envelope.fence()
                        .map(fence -> ByteWriter.textBytes(fence.lock()) + ByteWriter.varintBytes(fence.token()))
                        .orElse(0)
                + expectedBytes(envelope.command());
    }

    private static int expectedBytes(KvCommand command) {
        return 1
                + switch (command) {
                    case KvCommand.Put put -> putBytes(put);
                    case KvCommand.Delete delete ->
                        ByteWriter.textBytes(delete.key()) + preconditionBytes(delete.precondition());
                    case KvCommand.Expire expire ->
                        ByteWriter.textBytes(expire.key()) + ByteWriter.varintBytes(expire.revision());
                    case KvCommand.Txn txn -> TxnCodec.expectedBytes(txn);
                    case KvCommand.DeleteRange(String prefix, String afterKey, long boundary) ->
                        ByteWriter.textBytes(prefix)
                                + ByteWriter.textBytes(afterKey)
                                + ByteWriter.varintBytes(boundary);
                    case KvCommand.Lock(String name, String owner, long ttlMs) ->
                        ByteWriter.textBytes(name) + ByteWriter.textBytes(owner) + ByteWriter.varintBytes(ttlMs);
                    case KvCommand.Unlock(String name, String owner) ->
                        ByteWriter.textBytes(name) + ByteWriter.textBytes(owner);
                    case KvCommand.ExpireLock(String name, long token) ->
                        ByteWriter.textBytes(name) + ByteWriter.varintBytes(token);
                };
    }

    /** How many bytes {@link #put} writes. */
    static int putBytes(KvCommand.Put put) {
        return ByteWriter.textBytes(put.key())
                + preconditionBytes(put.precondition())
                + ByteWriter.varintBytes(put.ttlMs())
                + ContentTypes.bytes(put.contentType())
                + ByteWriter.blockBytes(put.value().length);
    }

    /** How many bytes {@link #precondition} writes. */
    static int preconditionBytes(Precondition precondition) {
        return 1 + (precondition instanceof Precondition.AtRevision at ? ByteWriter.varintBytes(at.revision()) : 0);
    }
}
