package dev.ashlar.store.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;

/**
 * The body of another store's answer as a stream that blocks. A chunk is asked for when the one before has been read, so memory
 * is bounded by what the connection holds. For one platform thread.
 */
final class RemoteSection extends InputStream {
    private static final long STALLED_MS = 60_000;
    private static final Object END = new Object();

    private final HttpClientResponse response;
    private final Context context;
    private final BlockingQueue<Object> arrived = new LinkedBlockingQueue<>();
    private Buffer current = Buffer.buffer();
    private int position;
    private boolean ended;

    /** On the event loop of the response, before anything of its body has come. */
    RemoteSection(HttpClientResponse response, Context context) {
        this.response = response;
        this.context = context;
        response.pause();
        response.handler(arrived::add);
        response.exceptionHandler(
                failed -> arrived.add(new IOException("the leader broke off: " + failed.getMessage())));
        response.endHandler(end -> arrived.add(END));
        response.fetch(1);
    }

    int status() {
        return response.statusCode();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (position == current.length() && !more()) {
            return -1;
        }
        int count = Math.min(length, current.length() - position);
        current.getBytes(position, position + count, into, offset);
        position += count;
        return count;
    }

    @Override
    public void close() {
        if (!ended) {
            ended = true;
            context.runOnContext(now -> response.request().reset());
        }
    }

    private boolean more() throws IOException {
        if (ended) {
            return false;
        }
        try {
            switch (arrived.poll(STALLED_MS, TimeUnit.MILLISECONDS)) {
                case null -> throw new IOException("the leader has sent nothing for " + STALLED_MS / 1_000 + " s");
                case IOException failed -> {
                    ended = true;
                    throw failed;
                }
                case Buffer chunk -> {
                    current = chunk;
                    position = 0;
                    context.runOnContext(now -> response.fetch(1));
                    return chunk.length() > 0 || more();
                }
                default -> {
                    ended = true;
                    return false;
                }
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the store is stopping");
        }
    }
}
