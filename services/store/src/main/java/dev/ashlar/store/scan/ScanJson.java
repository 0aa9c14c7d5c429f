package dev.ashlar.store.scan;

import java.util.Base64;
import java.util.List;
import java.util.Optional;

import dev.ashlar.store.http.JsonText;
import dev.ashlar.store.kv.Item;

/** Items as clients get them. Pure. */
final class ScanJson {
    private ScanJson() {}

    static String page(List<Item> items, Optional<String> cursor, boolean keysOnly) {
        StringBuilder out = new StringBuilder("{\"items\":[");
        for (int i = 0; i < items.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            item(out, items.get(i), keysOnly);
        }
        out.append("],\"cursor\":");
        cursor.ifPresentOrElse(text -> JsonText.quote(out, text), () -> out.append("null"));
        return out.append("}\n").toString();
    }

    static String lines(List<Item> items, boolean keysOnly) {
        StringBuilder out = new StringBuilder();
        for (Item item : items) {
            item(out, item, keysOnly);
            out.append('\n');
        }
        return out.toString();
    }

    private static void item(StringBuilder out, Item item, boolean keysOnly) {
        out.append("{\"key\":");
        JsonText.quote(out, item.key());
        if (!keysOnly) {
            out.append(",\"value\":\"")
                    .append(Base64.getEncoder().encodeToString(item.value()))
                    .append('"');
        }
        out.append(",\"revision\":").append(item.revision()).append(",\"content_type\":");
        JsonText.quote(out, item.contentType());
        out.append('}');
    }
}
