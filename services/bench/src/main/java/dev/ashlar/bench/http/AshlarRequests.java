package dev.ashlar.bench.http;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;

import dev.ashlar.bench.load.Client;
import dev.ashlar.bench.load.Outcome;
import dev.ashlar.bench.load.Payload;

/** {@code PUT} and {@code GET /v1/kv/{key}} with default (linearizable) consistency. */
final class AshlarRequests implements Requests {
    private static final byte[] PUT = Heads.ascii("PUT /v1/kv/");
    private static final byte[] GET = Heads.ascii("GET /v1/kv/");
    private final Payload payload;
    private final byte[][] paths;
    private final byte[][] putTail;
    private final byte[][] getTail;

    /** {@code token} may be empty. */
    AshlarRequests(Payload payload, List<InetSocketAddress> members, String token) {
        this.payload = payload;
        paths = Heads.paths(payload);
        getTail = Heads.of(members, token, "");
        putTail = Heads.of(members, token, "Content-Length: " + payload.valueBytes() + "\r\n");
    }

    @Override
    public int bytesMax(Client client) {
        return PUT.length
                + paths[client.key].length
                + putTail[0].length
                + 64
                + (client.read ? 0 : payload.valueBytes());
    }

    @Override
    public void encode(Client client, int member, ByteBuffer out) {
        out.put(client.read ? GET : PUT).put(paths[client.key]);
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
