package dev.ashlar.bench.http;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;

import dev.ashlar.bench.load.Client;
import dev.ashlar.bench.load.Outcome;
import dev.ashlar.bench.load.Payload;

/** {@code POST /v1/txn}: that the keys of a group exist, then a put of each. Payloads must be {@link Payload#grouped}. */
final class AshlarTxnRequests implements Requests {
    private static final byte[] POST = Heads.ascii("POST /v1/txn");
    private static final byte[] IF = Heads.ascii("{\"if\":[");
    private static final byte[] KEY = Heads.ascii("{\"key\":\"");
    private static final byte[] EXISTS = Heads.ascii("\",\"exists\":true}");
    private static final byte[] THEN = Heads.ascii("],\"then\":[");
    private static final byte[] PUT = Heads.ascii("{\"op\":\"put\",\"key\":\"");
    private static final byte[] VALUE = Heads.ascii("\",\"value\":\"");
    private static final byte[] CLOSE = Heads.ascii("\"}");
    private static final byte[] END = Heads.ascii("]}");

    /** Bytes of a result beside its key, at the least; all three are longer than an answer without any. */
    private static final int RESULT_BYTES_MIN = 20;

    private final Payload payload;
    private final byte[][] values;
    private final byte[][] heads;
    private final int bodyBytes;

    AshlarTxnRequests(Payload payload, List<InetSocketAddress> members, String token) {
        this.payload = payload;
        values = new byte[payload.valueCount()][];
        for (int i = 0; i < values.length; i++) {
            values[i] = Base64.getEncoder().encode(payload.value(i));
        }
        int key = payload.key(0).length;
        int compare = KEY.length + key + EXISTS.length;
        int put = PUT.length + key + VALUE.length + values[0].length + CLOSE.length;
        bodyBytes = IF.length + THEN.length + END.length + Payload.GROUP * (compare + put) + 2 * (Payload.GROUP - 1);
        heads = Heads.of(members, token, "Content-Type: application/json\r\nContent-Length: " + bodyBytes + "\r\n");
    }

    @Override
    public int bytesMax(Client client) {
        return POST.length + heads[0].length + 64 + bodyBytes;
    }

    @Override
    public void encode(Client client, int member, ByteBuffer out) {
        out.put(POST).put(heads[member]).put(IF);
        int first = client.key / Payload.GROUP * Payload.GROUP;
        for (int i = 0; i < Payload.GROUP; i++) {
            comma(i, out);
            out.put(KEY).put(payload.key(first + i)).put(EXISTS);
        }
        out.put(THEN);
        for (int i = 0; i < Payload.GROUP; i++) {
            comma(i, out);
            out.put(PUT).put(payload.key(first + i)).put(VALUE);
            out.put(values[(client.value + i) % values.length]).put(CLOSE);
        }
        out.put(END);
    }

    private static void comma(int i, ByteBuffer out) {
        if (i > 0) {
            out.put((byte) ',');
        }
    }

    /** The answer to compares that did not hold has no results. */
    @Override
    public int outcome(Client client, int status, long bodyBytes) {
        if (status != 200) {
            return status;
        }
        return bodyBytes > (long) Payload.GROUP * (RESULT_BYTES_MIN + payload.key(0).length)
                ? Outcome.OK
                : Outcome.WRONG_ANSWER;
    }
}
