package dev.ashlar.store.batch;

import java.util.Optional;
import java.util.Set;

import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.store.command.CommandCall;
import dev.ashlar.store.command.Outcome;
import dev.ashlar.store.http.JsonFields;
import dev.ashlar.store.http.JsonText;
import dev.ashlar.store.kv.ContentTypes;
import dev.ashlar.store.kv.Fence;
import dev.ashlar.store.kv.KvCommand;
import dev.ashlar.store.kv.KvResult;
import dev.ashlar.store.kv.Precondition;

/** One item of a batch as JSON, and its answer. Pure. */
final class BatchItem {
    static final Set<String> FIELDS =
            Set.of("op", "key", "value", "text", "content_type", "ttl", "revision", "absent", "idempotency_key");

    private BatchItem() {}

    static CommandCall parse(JsonFields item, Optional<Fence> fence) {
        String key = item.text("key");
        KvCommand command =
                switch (item.text("op")) {
                    case "put" ->
                        new KvCommand.Put(
                                key,
                                item.bytes("value", "text"),
                                item.textOrNothing("content_type").orElse(ContentTypes.DEFAULT),
                                precondition(item),
                                item.ttlMs());
                    case "delete" -> {
                        if (item.has("value") || item.has("text") || item.has("ttl") || item.has("content_type")) {
                            throw item.refusal("a delete has a key and perhaps a revision, nothing else");
                        }
                        yield new KvCommand.Delete(key, precondition(item));
                    }
                    default -> throw item.refusal("'op' must be put or delete");
                };
        return new CommandCall(command, item.textOrNothing("idempotency_key"), fence);
    }

    private static Precondition precondition(JsonFields item) {
        boolean absent = item.isTrue("absent");
        if (!item.has("revision")) {
            return absent ? Precondition.ABSENT : Precondition.NONE;
        }
        if (absent) {
            throw item.refusal("'revision' and 'absent' exclude each other");
        }
        return new Precondition.AtRevision(item.number("revision", 1));
    }

    static String key(KvCommand command) {
        return switch (command) {
            case KvCommand.Put put -> put.key();
            case KvCommand.Delete delete -> delete.key();
            default -> throw new IllegalStateException("no item of a batch: " + command);
        };
    }

    /** The status that the same write would have alone. */
    static int status(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Failed(ApiException problem) -> problem.code().status();
            case Outcome.Applied(KvResult.Written written) -> written.created() ? 201 : 200;
            case Outcome.Applied(KvResult.Deleted deleted) -> 204;
            case Outcome.Applied(KvResult.NotFound notFound) -> 404;
            case Outcome.Applied(KvResult.PreconditionFailed failed) -> 412;
            case Outcome.Applied(KvResult.Rejected rejected) -> rejected.code().status();
            case Outcome.Applied(KvResult other) -> throw new IllegalStateException("an item was answered by " + other);
        };
    }

    /** The answer of an item, without a line end. {@code key} is empty when the item could not be read. */
    static void answer(StringBuilder out, String key, Outcome outcome) {
        out.append("{\"status\":").append(status(outcome));
        if (!key.isEmpty()) {
            out.append(",\"key\":");
            JsonText.quote(out, key);
        }
        switch (outcome) {
            case Outcome.Applied(KvResult.Written written) ->
                out.append(",\"revision\":").append(written.revision());
            case Outcome.Applied(KvResult.Deleted deleted) ->
                out.append(",\"revision\":").append(deleted.revision());
            case Outcome.Applied(KvResult.NotFound notFound) ->
                problem(out, ErrorCode.NOT_FOUND, "there is no such key");
            case Outcome.Applied(KvResult.PreconditionFailed failed) -> {
                if (failed.exists()) {
                    out.append(",\"revision\":").append(failed.currentRevision());
                }
                problem(
                        out,
                        ErrorCode.REVISION_MISMATCH,
                        failed.exists()
                                ? "the key exists at revision " + failed.currentRevision()
                                : "there is no such key");
            }
            case Outcome.Applied(KvResult.Rejected(ErrorCode code, String detail)) -> problem(out, code, detail);
            case Outcome.Failed(ApiException problem) -> problem(out, problem.code(), problem.getMessage());
            case Outcome.Applied(KvResult other) -> throw new IllegalStateException("an item was answered by " + other);
        }
        out.append('}');
    }

    private static void problem(StringBuilder out, ErrorCode code, String detail) {
        out.append(",\"code\":\"").append(code.code()).append("\",\"detail\":");
        JsonText.quote(out, detail);
    }
}
