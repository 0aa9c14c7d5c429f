package dev.ashlar.store.kv;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

import dev.ashlar.common.Limits;
import dev.ashlar.common.error.ApiException;

/**
 * Commands as bytes in the log: {@code version, flags, varint stamp, [idempotency key, hash], type, body}. Every command
 * has exactly one encoding. Decoding is strict and never throws: what it does not know becomes an answer, the same on
 * every replica.
 */
final class KvCommandCodec {
    private static final int VERSION = 1;
    private static final int FLAG_IDEMPOTENT = 1;

    private static final int TYPE_PUT = 1;
    private static final int TYPE_DELETE = 2;
    private static final int TYPE_EXPIRE = 3;

    private static final int PRE_NONE = 0;
    private static final int PRE_ABSENT = 1;
    private static final int PRE_EXISTS = 2;
    private static final int PRE_REVISION = 3;

    private static final int OVERHEAD_BYTES = 64;

    private KvCommandCodec() {}

    static byte[] encode(KvEnvelope envelope) {
        boolean idempotent = !envelope.idempotencyKey().isEmpty();
        ByteWriter out = new ByteWriter(OVERHEAD_BYTES + expectedBytes(envelope.command()));
        out.one(VERSION);
        out.one(idempotent ? FLAG_IDEMPOTENT : 0);
        out.varint(envelope.stampMs());
        if (idempotent) {
            text(out, envelope.idempotencyKey());
            out.fixed64(envelope.requestHash());
        }
        body(out, envelope.command());
        return out.toBytes();
    }

    /** A hash of what a command asks for, without when and by whom. */
    static long hash(KvCommand command) {
        ByteWriter out = new ByteWriter(OVERHEAD_BYTES + expectedBytes(command));
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
        boolean idempotent = flags == FLAG_IDEMPOTENT;
        String idempotencyKey = idempotent ? in.text(Limits.IDEMPOTENCY_KEY_BYTES_MAX) : "";
        long hash = idempotent ? in.fixed64() : 0;
        if (in.bad() || flags > FLAG_IDEMPOTENT) {
            return Optional.empty();
        }
        try {
            Optional<KvCommand> command = command(in);
            return command.isPresent() && in.finished()
                    ? Optional.of(new KvEnvelope(command.get(), stampMs, idempotencyKey, hash))
                    : Optional.empty();
        } catch (ApiException outOfLimits) {
            return Optional.empty();
        }
    }

    private static void body(ByteWriter out, KvCommand command) {
        switch (command) {
            case KvCommand.Put put -> {
                out.one(TYPE_PUT);
                text(out, put.key());
                precondition(out, put.precondition());
                out.varint(put.ttlMs());
                ContentTypes.write(out, put.contentType());
                out.block(put.value());
            }
            case KvCommand.Delete delete -> {
                out.one(TYPE_DELETE);
                text(out, delete.key());
                precondition(out, delete.precondition());
            }
            case KvCommand.Expire expire -> {
                out.one(TYPE_EXPIRE);
                text(out, expire.key());
                out.varint(expire.revision());
            }
        }
    }

    private static Optional<KvCommand> command(ByteReader in) {
        return switch (in.one()) {
            case TYPE_PUT -> {
                String key = in.text(Limits.KEY_BYTES_MAX);
                Optional<Precondition> precondition = precondition(in);
                long ttlMs = in.varint();
                String contentType = ContentTypes.read(in);
                byte[] value = in.block(Limits.VALUE_BYTES_MAX);
                yield in.bad()
                        ? Optional.empty()
                        : precondition.map(p -> new KvCommand.Put(key, value, contentType, p, ttlMs));
            }
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
            default -> Optional.empty();
        };
    }

    private static void precondition(ByteWriter out, Precondition precondition) {
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

    private static Optional<Precondition> precondition(ByteReader in) {
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

    private static void text(ByteWriter out, String text) {
        out.block(text.getBytes(StandardCharsets.UTF_8));
    }

    private static int expectedBytes(KvCommand command) {
        return switch (command) {
            case KvCommand.Put put -> put.key().length() + put.value().length;
            case KvCommand.Delete delete -> delete.key().length();
            case KvCommand.Expire expire -> expire.key().length();
        };
    }
}
