package dev.ashlar.store.scan;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

import dev.ashlar.common.Limits;
import dev.ashlar.common.query.QueryString;
import dev.ashlar.store.kv.ScanCursor;
import dev.ashlar.store.kv.ScanRequest;

/** A scan as the parameters of a URL, both ways. Pure. */
final class ScanParameters {
    private static final Set<String> KNOWN = Set.of("prefix", "from", "to", "limit", "cursor", "keys_only", "reverse");

    private ScanParameters() {}

    /** Reads them; throws {@code invalid_argument}, naming the parameter. */
    static ScanRequest parse(String rawQuery) {
        QueryString query = QueryString.parse(rawQuery, KNOWN);
        boolean reverse = query.flag("reverse");
        Optional<String> cursor = query.get("cursor").filter(text -> !text.isEmpty());
        return new ScanRequest(
                query.text("prefix"),
                query.text("from"),
                query.text("to"),
                query.number("limit", 1, Limits.SCAN_LIMIT_MAX, Limits.SCAN_LIMIT_DEFAULT),
                reverse,
                query.flag("keys_only"),
                cursor.map(text -> ScanCursor.decode(text, reverse).afterKey()));
    }

    /** Writes them, for another store. */
    static String format(ScanRequest request) {
        StringBuilder out = new StringBuilder("limit=").append(request.limit());
        add(out, "prefix", request.prefix());
        add(out, "from", request.from());
        add(out, "to", request.to());
        if (request.reverse()) {
            out.append("&reverse=true");
        }
        if (request.keysOnly()) {
            out.append("&keys_only=true");
        }
        request.afterKey().ifPresent(key -> add(out, "cursor", new ScanCursor(key, request.reverse()).encode()));
        return out.toString();
    }

    private static void add(StringBuilder out, String name, String value) {
        if (!value.isEmpty()) {
            out.append('&').append(name).append('=').append(URLEncoder.encode(value, StandardCharsets.UTF_8));
        }
    }
}
