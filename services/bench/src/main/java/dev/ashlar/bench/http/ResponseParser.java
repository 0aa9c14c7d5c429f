package dev.ashlar.bench.http;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Reads HTTP/1.1 answers from bytes that arrive in any pieces. Keeps the status, the length of the body and whether the
 * connection stays; bodies are counted and dropped. One per connection, reset by itself for the next answer.
 */
final class ResponseParser {
    /** A header line beyond this many bytes is a protocol error. */
    static final int LINE_BYTES_MAX = 16 << 10;

    private static final int KEPT_LINE_BYTES = 256;

    private enum State {
        STATUS,
        HEADER,
        BODY,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILER,
        UNTIL_CLOSE,
        DONE
    }

    private final byte[] line = new byte[KEPT_LINE_BYTES];
    private int lineLength;
    private State state = State.STATUS;
    private int status;
    private long left;
    private long bodyBytes;
    private boolean chunked;
    private boolean lengthKnown;
    private boolean keepAlive;

    /**
     * Takes bytes until one answer is whole.
     *
     * @return the position behind the last byte used; {@link #isDone} tells whether the answer is whole
     * @throws IllegalArgumentException when this is not HTTP
     */
    int feed(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && state != State.DONE) {
            switch (state) {
                case BODY, CHUNK -> {
                    int n = (int) Math.min(left, to - i);
                    i += n;
                    left -= n;
                    bodyBytes += n;
                    if (left == 0) {
                        state = state == State.BODY ? State.DONE : State.CHUNK_END;
                    }
                }
                case UNTIL_CLOSE -> {
                    bodyBytes += to - i;
                    i = to;
                }
                default -> {
                    byte b = bytes[i++];
                    if (b == '\n') {
                        endLine();
                    } else if (b != '\r') {
                        if (lineLength < KEPT_LINE_BYTES) {
                            line[lineLength] = b;
                        }
                        if (++lineLength > LINE_BYTES_MAX) {
                            throw new IllegalArgumentException("a header line is longer than " + LINE_BYTES_MAX);
                        }
                    }
                }
            }
        }
        return i;
    }

    private void endLine() {
        int length = Math.min(lineLength, KEPT_LINE_BYTES);
        lineLength = 0;
        switch (state) {
            case STATUS -> {
                if (length > 0) {
                    statusLine(length);
                }
            }
            case HEADER -> {
                if (length > 0) {
                    header(length);
                } else {
                    endHeaders();
                }
            }
            case CHUNK_SIZE -> {
                left = hex(length);
                state = left == 0 ? State.TRAILER : State.CHUNK;
            }
            case CHUNK_END -> state = State.CHUNK_SIZE;
            case TRAILER -> state = length == 0 ? State.DONE : State.TRAILER;
            case BODY, CHUNK, UNTIL_CLOSE, DONE -> throw new IllegalStateException("no lines in " + state);
        }
    }

    private void statusLine(int length) {
        if (length < 12 || line[0] != 'H' || line[4] != '/' || line[8] != ' ') {
            throw new IllegalArgumentException("not an HTTP status line");
        }
        status = 0;
        for (int i = 9; i < 12; i++) {
            if (line[i] < '0' || line[i] > '9') {
                throw new IllegalArgumentException("not an HTTP status");
            }
            status = status * 10 + line[i] - '0';
        }
        bodyBytes = 0;
        chunked = false;
        lengthKnown = false;
        keepAlive = line[7] == '1';
        state = State.HEADER;
    }

    private void header(int length) {
        if (is("content-length:", length)) {
            left = decimal("content-length:".length(), length);
            lengthKnown = true;
        } else if (is("transfer-encoding:", length)) {
            chunked = text(length).contains("chunked");
        } else if (is("connection:", length)) {
            String value = text(length);
            keepAlive = !value.contains("close") && (keepAlive || value.contains("keep-alive"));
        }
    }

    private void endHeaders() {
        if (status < 200) {
            state = State.STATUS;
        } else if (status == 204 || status == 304) {
            state = State.DONE;
        } else if (chunked) {
            state = State.CHUNK_SIZE;
        } else if (lengthKnown) {
            state = left == 0 ? State.DONE : State.BODY;
        } else {
            keepAlive = false;
            state = State.UNTIL_CLOSE;
        }
    }

    private boolean is(String lowerCaseName, int length) {
        int n = lowerCaseName.length();
        if (length < n) {
            return false;
        }
        for (int i = 0; i < n; i++) {
            int b = line[i] >= 'A' && line[i] <= 'Z' ? line[i] + 32 : line[i];
            if (b != lowerCaseName.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private String text(int length) {
        return new String(line, 0, length, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    }

    private long decimal(int from, int length) {
        long n = 0;
        boolean any = false;
        for (int i = from; i < length; i++) {
            if (line[i] == ' ' || line[i] == '\t') {
                continue;
            }
            if (line[i] < '0' || line[i] > '9' || n > Long.MAX_VALUE / 100) {
                throw new IllegalArgumentException("not a Content-Length");
            }
            n = n * 10 + line[i] - '0';
            any = true;
        }
        if (!any) {
            throw new IllegalArgumentException("an empty Content-Length");
        }
        return n;
    }

    /** The size of a chunk; extensions behind a semicolon are ignored. */
    private long hex(int length) {
        long n = 0;
        int i = 0;
        for (; i < length && line[i] != ';' && line[i] != ' '; i++) {
            int digit = Character.digit(line[i], 16);
            if (digit < 0 || i > 14) {
                throw new IllegalArgumentException("not a chunk size");
            }
            n = n * 16 + digit;
        }
        if (i == 0) {
            throw new IllegalArgumentException("an empty chunk size");
        }
        return n;
    }

    /** The connection ended: true when that is how this answer ends. */
    boolean endOfStream() {
        if (state == State.UNTIL_CLOSE) {
            state = State.DONE;
        }
        return state == State.DONE;
    }

    boolean isDone() {
        return state == State.DONE;
    }

    /** Ready for the next answer. */
    void reset() {
        state = State.STATUS;
    }

    int status() {
        return status;
    }

    long bodyBytes() {
        return bodyBytes;
    }

    /** May the connection be used again? */
    boolean keepAlive() {
        return keepAlive;
    }
}
