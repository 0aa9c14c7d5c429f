package dev.ashlar.store.kv;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

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
                    default -> Optional.empty();
                };
        return in.bad() ? Optional.empty() : result;
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
