package dev.ashlar.bench.http;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.ashlar.bench.load.Client;
import dev.ashlar.bench.load.Outcome;
import dev.ashlar.bench.load.Payload;

/** {@code PUT} and {@code GET /v1/kv/{key}} with default (linearizable) consistency. */
final class AshlarRequests implements Requests {
    private static final byte[] PUT = ascii("PUT /v1/kv/");
    private static final byte[] GET = ascii("GET /v1/kv/");
    private final Payload payload;
    private final byte[][] putTail;
    private final byte[][] getTail;

    /** {@code token} may be empty. Keys must need no percent-encoding. */
    AshlarRequests(Payload payload, List<InetSocketAddress> members, String token) {
        this.payload = payload;
        putTail = new byte[members.size()][];
        getTail = new byte[members.size()][];
        for (int i = 0; i < members.size(); i++) {
            InetSocketAddress member = members.get(i);
            String head = " HTTP/1.1\r\nHost: " + member.getHostString() + ":" + member.getPort() + "\r\n"
                    + (token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n");
            getTail[i] = ascii(head + "\r\n");
            putTail[i] = ascii(head + "Content-Length: " + payload.valueBytes() + "\r\n\r\n");
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public int bytesMax(Client client) {
        return PUT.length
                + payload.key(client.key).length
                + putTail[0].length
                + 64
                + (client.read ? 0 : payload.valueBytes());
    }

    @Override
    public void encode(Client client, int member, ByteBuffer out) {
        out.put(client.read ? GET : PUT).put(payload.key(client.key));
        if (client.read) {
            out.put(getTail[member]);
        } else {
            out.put(putTail[member]).put(payload.value(client.value));
        }
    }

    @Override
    public int outcome(Client client, int status, long bodyBytes) {
        if (status == 200 || (!client.read && status == 201)) {
            return client.read && bodyBytes != payload.valueBytes() ? Outcome.WRONG_ANSWER : Outcome.OK;
        }
        return status;
    }
}
