package dev.ashlar.store.txn;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.ashlar.common.Limits;
import dev.ashlar.store.http.JsonFields;
import dev.ashlar.store.http.JsonText;
import dev.ashlar.store.kv.ContentTypes;
import dev.ashlar.store.kv.Item;
import dev.ashlar.store.kv.KvCommand;
import dev.ashlar.store.kv.KvResult;
import dev.ashlar.store.kv.Precondition;
import dev.ashlar.store.kv.TxnCompare;
import dev.ashlar.store.kv.TxnOp;
import dev.ashlar.store.kv.TxnResult;

/** A transaction as JSON, and its answer. Values are base64 in {@code value}, or text in {@code text}. Pure. */
final class TxnJson {
    private static final Set<String> TXN = Set.of("if", "then", "else");
    private static final Set<String> COMPARE = Set.of("key", "revision", "absent", "exists", "value", "text");
    private static final Set<String> OP = Set.of("op", "key", "value", "text", "content_type", "ttl");

    private TxnJson() {}

    static KvCommand.Txn parse(byte[] body) {
        JsonFields txn = JsonFields.parse(body, "the transaction", TXN);
        List<TxnCompare> compares = new ArrayList<>();
        for (JsonFields compare : txn.objects("if", Limits.TXN_OPS_MAX, COMPARE)) {
            compares.add(compare(compare));
        }
        List<TxnOp> then = ops(txn.objects("then", Limits.TXN_OPS_MAX, OP));
        List<TxnOp> otherwise = ops(txn.objects("else", Limits.TXN_OPS_MAX, OP));
        if (compares.isEmpty() && then.isEmpty() && otherwise.isEmpty()) {
            throw txn.refusal("it has neither 'if' nor 'then' nor 'else'");
        }
        return new KvCommand.Txn(compares, then, otherwise);
    }

    private static TxnCompare compare(JsonFields compare) {
        String key = compare.text("key");
        boolean revision = compare.has("revision");
        boolean value = compare.has("value") || compare.has("text");
        boolean absent = compare.isTrue("absent");
        boolean exists = compare.isTrue("exists");
        if ((revision ? 1 : 0) + (value ? 1 : 0) + (absent ? 1 : 0) + (exists ? 1 : 0) != 1) {
            throw compare.refusal("one of 'revision', 'absent', 'exists', 'value' and 'text' is needed, and only one");
        }
        return value
                ? new TxnCompare.Value(key, compare.bytes("value", "text"))
                : new TxnCompare.Revision(
                        key,
                        absent
                                ? Precondition.ABSENT
                                : exists
                                        ? Precondition.EXISTS
                                        : new Precondition.AtRevision(compare.number("revision", 1)));
    }

    private static List<TxnOp> ops(List<JsonFields> objects) {
        List<TxnOp> ops = new ArrayList<>();
        for (JsonFields op : objects) {
            String key = op.text("key");
            ops.add(
                    switch (op.text("op")) {
                        case "get" -> new TxnOp.Get(bare(op, key));
                        case "delete" -> new TxnOp.Delete(bare(op, key));
                        case "put" ->
                            new TxnOp.Put(new KvCommand.Put(
                                    key,
                                    op.bytes("value", "text"),
                                    op.textOrNothing("content_type").orElse(ContentTypes.DEFAULT),
                                    Precondition.NONE,
                                    op.ttlMs()));
                        default -> throw op.refusal("'op' must be put, get or delete");
                    });
        }
        return ops;
    }

    private static String bare(JsonFields op, String key) {
        for (String name : List.of("value", "text", "content_type", "ttl")) {
            if (op.has(name)) {
                throw op.refusal("'" + name + "' is for put only");
            }
        }
        return key;
    }

    static String answer(KvCommand.Txn txn, KvResult.TxnDone done) {
        List<TxnOp> steps = done.succeeded() ? txn.then() : txn.otherwise();
        StringBuilder out = new StringBuilder(64 + 64 * steps.size());
        out.append("{\"succeeded\":").append(done.succeeded()).append(",\"results\":[");
        for (int i = 0; i < steps.size(); i++) {
            out.append(i > 0 ? "," : "");
            result(out, steps.get(i).key(), done.results().get(i));
        }
        return out.append("],\"revision\":")
                .append(done.revision())
                .append("}\n")
                .toString();
    }

    private static void result(StringBuilder out, String key, TxnResult result) {
        out.append("{\"op\":\"")
                .append(
                        switch (result) {
                            case TxnResult.Got got -> "get";
                            case TxnResult.Written written -> "put";
                            case TxnResult.Deleted deleted -> "delete";
                        })
                .append("\",\"key\":");
        JsonText.quote(out, key);
        switch (result) {
            case TxnResult.Got(Optional<Item> item) -> {
                out.append(",\"found\":").append(item.isPresent());
                item.ifPresent(found -> item(out, found));
            }
            case TxnResult.Written(long revision, boolean created) ->
                out.append(",\"revision\":")
                        .append(revision)
                        .append(",\"created\":")
                        .append(created);
            case TxnResult.Deleted(long revision) -> {
                out.append(",\"deleted\":").append(revision > 0);
                if (revision > 0) {
                    out.append(",\"revision\":").append(revision);
                }
            }
        }
        out.append('}');
    }

    private static void item(StringBuilder out, Item item) {
        out.append(",\"value\":\"")
                .append(Base64.getEncoder().encodeToString(item.value()))
                .append("\",\"revision\":")
                .append(item.revision())
                .append(",\"content_type\":");
        JsonText.quote(out, item.contentType());
    }
}
