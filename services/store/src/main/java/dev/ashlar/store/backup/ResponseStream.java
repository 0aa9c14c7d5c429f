package dev.ashlar.store.backup;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/**
 * The body of a response as a stream that blocks: no more than a few chunks wait to be sent. For one platform thread, never an
 * event loop. A client that takes nothing for {@value #STALLED_MS} ms, or goes away, ends it with an {@link IOException}.
 */
final class ResponseStream extends OutputStream {
    private static final int CHUNK_BYTES = 64 << 10;
    private static final int CHUNKS_IN_FLIGHT_MAX = 8;
    private static final long STALLED_MS = 60_000;

    private final HttpServerResponse response;
    private final Context context;
    private final Semaphore room = new Semaphore(CHUNKS_IN_FLIGHT_MAX);
    private volatile String broken = "";
    private Buffer pending = Buffer.buffer(CHUNK_BYTES);
    private boolean begun;

    /** On the event loop of the response. */
    ResponseStream(HttpServerResponse response, Context context) {
        this.response = response;
        this.context = context;
        response.closeHandler(closed -> breakOff("the client went away"));
        response.exceptionHandler(failed -> breakOff(String.valueOf(failed.getMessage())));
    }

    /** Whether anything was handed to the connection: then an error can only be told by breaking off. */
    boolean begun() {
        return begun;
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        pending.appendBytes(bytes, offset, length);
        if (pending.length() >= CHUNK_BYTES) {
            send();
        }
    }

    /** Sends what is left and ends the response. */
    void finish() throws IOException {
        if (pending.length() > 0) {
            send();
        }
        context.runOnContext(now -> response.end());
    }

    private void send() throws IOException {
        try {
            if (!room.tryAcquire(STALLED_MS, TimeUnit.MILLISECONDS)) {
                throw new IOException("the client has taken nothing for " + STALLED_MS / 1_000 + " s");
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the store is stopping");
        }
        if (!broken.isEmpty()) {
            throw new IOException(broken);
        }
        Buffer chunk = pending;
        pending = Buffer.buffer(CHUNK_BYTES);
        begun = true;
        context.runOnContext(now -> {
            if (response.closed() || response.ended()) {
                breakOff("the client went away");
                return;
            }
            response.write(chunk).onComplete(sent -> {
                if (sent.failed()) {
                    breakOff(String.valueOf(sent.cause().getMessage()));
                } else {
                    room.release();
                }
            });
        });
    }

    private void breakOff(String reason) {
        broken = reason;
        room.release(CHUNKS_IN_FLIGHT_MAX);
    }
}
