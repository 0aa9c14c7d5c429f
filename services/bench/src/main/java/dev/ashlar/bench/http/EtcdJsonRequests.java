package dev.ashlar.bench.http;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

import dev.ashlar.bench.load.Client;
import dev.ashlar.bench.load.Outcome;
import dev.ashlar.bench.load.Payload;

/** {@code POST /v3/kv/put} and {@code /v3/kv/range} (linearizable by default) of etcd's JSON gateway, keys and values in base64. */
final class EtcdJsonRequests implements Requests {
    private static final byte[] KEY_OPEN = ascii("{\"key\":\"");
    private static final byte[] VALUE_OPEN = ascii("\",\"value\":\"");
    private static final byte[] CLOSE = ascii("\"}");
    private final byte[][] keys;
    private final byte[][] values;
    private final byte[][] putHead;
    private final byte[][] rangeHead;

    EtcdJsonRequests(Payload payload, List<InetSocketAddress> members) {
        Base64.Encoder base64 = Base64.getEncoder();
        keys = new byte[payload.keyCount()][];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = base64.encode(payload.key(i));
        }
        values = new byte[payload.valueCount()][];
        for (int i = 0; i < values.length; i++) {
            values[i] = base64.encode(payload.value(i));
        }
        int rangeBytes = KEY_OPEN.length + keys[0].length + CLOSE.length;
        int putBytes = rangeBytes + VALUE_OPEN.length + values[0].length;
        putHead = heads(members, "/v3/kv/put", putBytes);
        rangeHead = heads(members, "/v3/kv/range", rangeBytes);
    }

    private static byte[][] heads(List<InetSocketAddress> members, String path, int bodyBytes) {
        return members.stream()
                .map(m -> ascii("POST " + path + " HTTP/1.1\r\nHost: " + m.getHostString() + ":" + m.getPort()
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + bodyBytes + "\r\n\r\n"))
                .toArray(byte[][]::new);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public int bytesMax(Client client) {
        return putHead[0].length + 256 + keys[0].length + values[0].length;
    }

    @Override
    public void encode(Client client, int member, ByteBuffer out) {
        out.put(client.read ? rangeHead[member] : putHead[member]);
        out.put(KEY_OPEN).put(keys[client.key]);
        if (!client.read) {
            out.put(VALUE_OPEN).put(values[client.value]);
        }
        out.put(CLOSE);
    }

    @Override
    public int outcome(Client client, int status, long bodyBytes) {
        if (status != 200) {
            return status;
        }
        return client.read && bodyBytes < values[0].length ? Outcome.WRONG_ANSWER : Outcome.OK;
    }
}
