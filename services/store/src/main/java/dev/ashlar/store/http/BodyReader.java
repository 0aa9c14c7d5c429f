package dev.ashlar.store.http;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;

/**
 * Reads the value of a write.
 *
 * <ol>
 *   <li>A Content-Length above the limit is refused before a byte is read; a chunked body as soon as it is longer.
 *   <li>All values that are being received by the process together have a bound too: many slow writers must not fill the
 *       memory (S8).
 *   <li>A body that ends early, or a client that goes away, leaves nothing behind: neither callback is called.
 * </ol>
 *
 * <p>On the event loop of the request.
 */
final class BodyReader {
    private static final byte[] EMPTY = {};

    private final Vertx vertx;
    private final int valueBytesMax;
    private final long inFlightBytesMax;
    private final AtomicLong inFlightBytes = new AtomicLong();

    BodyReader(Vertx vertx, int valueBytesMax, long inFlightBytesMax) {
        this.vertx = vertx;
        this.valueBytesMax = valueBytesMax;
        this.inFlightBytesMax = inFlightBytesMax;
    }

    /** Bytes held for requests whose body is not whole yet. */
    long inFlightBytes() {
        return inFlightBytes.get();
    }

    /** Calls exactly one of the two, or neither when the client goes away first. */
    void read(HttpServerRequest request, Consumer<byte[]> whole, Consumer<ApiException> refused) {
        read(request, valueBytesMax, "the value", whole, refused);
    }

    /** The same for a body with a limit of its own; {@code what} names it in the refusal. */
    void read(
            HttpServerRequest request,
            int bytesMax,
            String what,
            Consumer<byte[]> whole,
            Consumer<ApiException> refused) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length != null && tooLong(length, bytesMax)) {
            refuse(request, refused, tooLarge(what, bytesMax));
            return;
        }
        String expect = request.getHeader(HttpHeaders.EXPECT);
        if (expect != null && expect.equalsIgnoreCase("100-continue")) {
            request.response().writeContinue();
        }
        Reading reading = new Reading(request, bytesMax, what, whole, refused);
        request.exceptionHandler(reading::broken);
        request.handler(reading::more);
        request.endHandler(reading::end);
    }

    /** Answers that the request is refused although its body is not read: the connection ends with the answer. */
    void refuse(HttpServerRequest request, Consumer<ApiException> refused, ApiException problem) {
        if (!request.isEnded()) {
            // What the client still sends is thrown away for a moment: closing at once would reset the connection
            // before
            // the client reads the answer.
            request.handler(discarded -> {});
            request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            vertx.setTimer(CLOSE_AFTER_MS, timer -> request.connection().close());
        }
        refused.accept(problem);
    }

    private static final long CLOSE_AFTER_MS = 500;

    private static ApiException tooLarge(String what, int bytesMax) {
        return new ApiException(
                ErrorCode.VALUE_TOO_LARGE, what + " has more than " + bytesMax + " bytes, which is the limit");
    }

    private static boolean tooLong(String length, int bytesMax) {
        try {
            return Long.parseLong(length) > bytesMax;
        } catch (NumberFormatException beyondLong) {
            return true;
        }
    }

    private final class Reading {
        private final HttpServerRequest request;
        private final int bytesMax;
        private final String what;
        private final Consumer<byte[]> whole;
        private final Consumer<ApiException> refused;
        private Buffer buffer;
        private long held;
        private boolean over;

        Reading(
                HttpServerRequest request,
                int bytesMax,
                String what,
                Consumer<byte[]> whole,
                Consumer<ApiException> refused) {
            this.request = request;
            this.bytesMax = bytesMax;
            this.what = what;
            this.whole = whole;
            this.refused = refused;
        }

        void more(Buffer chunk) {
            if (over) {
                return;
            }
            held += chunk.length();
            long all = inFlightBytes.addAndGet(chunk.length());
            if (held > bytesMax) {
                stop();
                refuse(request, refused, tooLarge(what, bytesMax));
            } else if (all > inFlightBytesMax) {
                stop();
                refuse(
                        request,
                        refused,
                        new ApiException(
                                ErrorCode.TOO_MANY_REQUESTS,
                                "too many values are being received at the moment",
                                1_000));
            } else {
                buffer = buffer == null ? chunk : buffer.appendBuffer(chunk);
            }
        }

        void end(Void end) {
            if (!over) {
                byte[] bytes = buffer == null ? EMPTY : buffer.getBytes();
                stop();
                whole.accept(bytes);
            }
        }

        void broken(Throwable cause) {
            stop();
        }

        private void stop() {
            if (!over) {
                over = true;
                inFlightBytes.addAndGet(-held);
                buffer = null;
            }
        }
    }
}
