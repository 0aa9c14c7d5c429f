package dev.ashlar.store.watch;

import java.util.Base64;

import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.store.feed.Filter;
import dev.ashlar.store.http.JsonText;
import dev.ashlar.store.kv.HistoryEvent;

/**
 * Events as text of {@code text/event-stream}. Every event has an id; a heartbeat is a comment and an id without an event,
 * which moves the position of a client that saw nothing for long. Pure.
 */
enum SseText implements Filter.Encoding {
    WITH_VALUES(true),
    KEYS_ONLY(false);

    private final boolean values;

    SseText(boolean values) {
        this.values = values;
    }

    @Override
    public void event(StringBuilder out, int shard, HistoryEvent event, String cursor) {
        out.append("id: ").append(cursor).append("\nevent: ");
        out.append(event.item().isPresent() ? "put" : "delete").append("\ndata: {\"key\":");
        JsonText.quote(out, event.key());
        out.append(",\"revision\":")
                .append(event.revision())
                .append(",\"shard\":")
                .append(shard);
        event.item().ifPresent(item -> {
            out.append(",\"created\":").append(item.createRevision() == item.revision());
            if (values) {
                out.append(",\"value\":\"")
                        .append(Base64.getEncoder().encodeToString(item.value()))
                        .append('"');
            }
            out.append(",\"content_type\":");
            JsonText.quote(out, item.contentType());
        });
        out.append("}\n\n");
    }

    @Override
    public void progress(StringBuilder out, String cursor) {
        out.append(": heartbeat\nid: ").append(cursor).append("\n\n");
    }

    /** The first event: where the watch begins. */
    static String open(String cursor) {
        return "retry: 1000\nid: " + cursor + "\nevent: open\ndata: {\"cursor\":\"" + cursor + "\"}\n\n";
    }

    /** The last event when the history has been forgotten, or the client is too slow. */
    static String resync(ErrorCode code, String detail) {
        return last("resync", code, detail);
    }

    /** The last event when the token of the client does not permit the watch any more. */
    static String refused(ApiException why) {
        return last("refused", why.code(), String.valueOf(why.getMessage()));
    }

    private static String last(String name, ErrorCode code, String detail) {
        StringBuilder out = new StringBuilder("event: ")
                .append(name)
                .append("\ndata: {\"code\":\"")
                .append(code.code())
                .append("\",\"detail\":");
        JsonText.quote(out, detail);
        return out.append("}\n\n").toString();
    }

    static String comment(String text) {
        return ": " + text.replace('\n', ' ').replace('\r', ' ') + "\n\n";
    }
}
