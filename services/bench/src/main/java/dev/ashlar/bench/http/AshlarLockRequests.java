package dev.ashlar.bench.http;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;

import dev.ashlar.bench.load.Client;
import dev.ashlar.bench.load.Outcome;
import dev.ashlar.bench.load.Payload;

/** {@code POST} and then {@code DELETE /v1/locks/{name}}; the names are the keys of the payload, each client is an owner. */
final class AshlarLockRequests implements Requests {
    private static final byte[] POST = Heads.ascii("POST /v1/locks/");
    private static final byte[] DELETE = Heads.ascii("DELETE /v1/locks/");
    private static final String BODY = "{\"owner\":\"client-%05d\"}";

    private final byte[][] paths;
    private final byte[][] heads;
    private final byte[][] bodies;

    AshlarLockRequests(Payload payload, int clients, List<InetSocketAddress> members, String token) {
        paths = Heads.paths(payload);
        bodies = new byte[clients][];
        for (int i = 0; i < clients; i++) {
            bodies[i] = Heads.ascii(BODY.formatted(i));
        }
        heads = Heads.of(
                members, token, "Content-Type: application/json\r\nContent-Length: " + bodies[0].length + "\r\n");
    }

    @Override
    public int steps() {
        return 2;
    }

    @Override
    public int bytesMax(Client client) {
        return DELETE.length + paths[client.key].length + heads[0].length + 64 + bodies[client.id].length;
    }

    @Override
    public void encode(Client client, int member, ByteBuffer out) {
        out.put(client.step == 0 ? POST : DELETE).put(paths[client.key]);
        out.put(heads[member]).put(bodies[client.id]);
    }

    @Override
    public int outcome(Client client, int status, long bodyBytes) {
        return status == (client.step == 0 ? 200 : 204) ? Outcome.OK : status;
    }
}
