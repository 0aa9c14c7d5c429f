package dev.ashlar.store.forward;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;

/** What became of a request that was sent to another store. */
public sealed interface Forwarded {
    /** It answered. */
    record Answered(int status, MultiMap headers, Buffer body) implements Forwarded {}

    /** Nothing was sent: no connection could be had. */
    record NotSent(String reason) implements Forwarded {}

    /** It was sent, or may have been, and no answer came. */
    record Lost(String reason) implements Forwarded {}
}
