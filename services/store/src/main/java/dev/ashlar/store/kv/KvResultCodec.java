package dev.ashlar.store.kv;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

import dev.ashlar.common.Limits;
import dev.ashlar.common.error.ErrorCode;

/** Results as bytes, to be remembered for a retry. */
final class KvResultCodec {
    private static final int WRITTEN = 1;
    private static final int CREATED = 2;
    private static final int DELETED = 3;
    private static final int NOT_FOUND = 4;
    private static final int FAILED_EXISTS = 5;
    private static final int FAILED_ABSENT = 6;
    private static final int REJECTED = 7;

    private static final int TXN = 8;
    private static final int RANGE_DELETED = 9;
    private static final int LOCK_ACQUIRED = 10;
    private static final int LOCK_PROLONGED = 11;
    private static final int LOCK_REFUSED = 12;

    private static final int TEXT_BYTES_MAX = 1024;

    private KvResultCodec() {}

    static void write(ByteWriter out, KvResult result) {
        switch (result) {
            case KvResult.Written(long revision, boolean created) -> number(out, created ? CREATED : WRITTEN, revision);
            case KvResult.Deleted(long revision) -> number(out, DELETED, revision);
            case KvResult.NotFound() -> out.one(NOT_FOUND);
            case KvResult.PreconditionFailed(long revision, boolean exists) ->
                number(out, exists ? FAILED_EXISTS : FAILED_ABSENT, revision);
            case KvResult.Rejected(ErrorCode code, String detail) -> {
                out.one(REJECTED);
                out.block(code.name().getBytes(StandardCharsets.US_ASCII));
                out.block(detail.getBytes(StandardCharsets.UTF_8));
            }
            case KvResult.TxnDone done -> {
                out.one(TXN);
                TxnCodec.writeResults(out, done);
            }
            case KvResult.RangeDeleted(long deleted, long boundary, String lastKey) -> {
                number(out, RANGE_DELETED, deleted);
                out.varint(boundary);
                out.text(lastKey);
            }
            case KvResult.LockHeld(long token, boolean acquired) ->
                number(out, acquired ? LOCK_ACQUIRED : LOCK_PROLONGED, token);
            case KvResult.LockRefused(String owner, long token, long leftMs) -> {
                number(out, LOCK_REFUSED, token);
                out.text(owner);
                out.varint(leftMs);
            }
        }
    }

    private static void number(ByteWriter out, int kind, long revision) {
        out.one(kind);
        out.varint(revision);
    }

    /** Nothing when the bytes are not a result. */
    static Optional<KvResult> read(ByteReader in) {
        Optional<KvResult> result =
                switch (in.one()) {
                    case WRITTEN -> Optional.of(new KvResult.Written(in.varint(), false));
                    case CREATED -> Optional.of(new KvResult.Written(in.varint(), true));
                    case DELETED -> Optional.of(new KvResult.Deleted(in.varint()));
                    case NOT_FOUND -> Optional.of(new KvResult.NotFound());
                    case FAILED_EXISTS -> Optional.of(new KvResult.PreconditionFailed(in.varint(), true));
                    case FAILED_ABSENT -> Optional.of(new KvResult.PreconditionFailed(in.varint(), false));
                    case REJECTED -> rejected(in);
                    case TXN -> Optional.of(TxnCodec.readResults(in));
                    case RANGE_DELETED ->
                        Optional.of(new KvResult.RangeDeleted(
                                in.varint(), in.varint(), in.textOrEmpty(Limits.KEY_BYTES_MAX)));
                    case LOCK_ACQUIRED -> Optional.of(new KvResult.LockHeld(in.varint(), true));
                    case LOCK_PROLONGED -> Optional.of(new KvResult.LockHeld(in.varint(), false));
                    case LOCK_REFUSED -> lockRefused(in);
                    default -> Optional.empty();
                };
        return in.bad() ? Optional.empty() : result;
    }

    private static Optional<KvResult> lockRefused(ByteReader in) {
        long token = in.varint();
        String owner = in.text(Limits.LOCK_OWNER_BYTES_MAX);
        return Optional.of(new KvResult.LockRefused(owner, token, in.varint()));
    }

    private static Optional<KvResult> rejected(ByteReader in) {
        String name = in.text(TEXT_BYTES_MAX);
        String detail = in.text(TEXT_BYTES_MAX);
        return Arrays.stream(ErrorCode.values())
                .filter(code -> code.name().equals(name))
                .findFirst()
                .map(code -> new KvResult.Rejected(code, detail));
    }
}
