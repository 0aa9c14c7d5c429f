package dev.ashlar.bench.grpc;

import java.nio.ByteBuffer;

import dev.ashlar.bench.load.Client;
import dev.ashlar.bench.load.Outcome;
import dev.ashlar.bench.load.Payload;

/** etcd's KV.Put and KV.Range as gRPC messages, encoded before the run. Immutable, shared by all connections. */
final class Calls {
    private static final int PREFIX_BYTES = 5;
    /** A message must fit the window that a stream starts with, so that it never has to be cut. */
    private static final int MESSAGE_BYTES_MAX = 16_000;

    private final byte[][] keys;
    private final byte[][] values;
    private final int valueBytes;

    Calls(Payload payload) {
        keys = new byte[payload.keyCount()][];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = Protobuf.putKey(payload.key(i));
        }
        values = new byte[payload.valueCount()][];
        for (int i = 0; i < values.length; i++) {
            values[i] = Protobuf.value(payload.value(i));
        }
        valueBytes = payload.valueBytes();
        if (PREFIX_BYTES + keys[0].length + values[0].length > MESSAGE_BYTES_MAX) {
            throw new IllegalArgumentException("the gRPC client sends messages of at most " + MESSAGE_BYTES_MAX
                    + " bytes; choose smaller values or the JSON gateway");
        }
    }

    String path(Client client) {
        return client.read ? "/etcdserverpb.KV/Range" : "/etcdserverpb.KV/Put";
    }

    /** The size of the DATA frame: gRPC's five bytes and the message. */
    int messageBytes(Client client) {
        return PREFIX_BYTES + keys[client.key].length + (client.read ? 0 : values[client.value].length);
    }

    void encode(Client client, ByteBuffer out) {
        out.put((byte) 0).putInt(messageBytes(client) - PREFIX_BYTES).put(keys[client.key]);
        if (!client.read) {
            out.put(values[client.value]);
        }
    }

    int outcome(Client client, int answerBytes) {
        return client.read && answerBytes < valueBytes ? Outcome.WRONG_ANSWER : Outcome.OK;
    }
}
