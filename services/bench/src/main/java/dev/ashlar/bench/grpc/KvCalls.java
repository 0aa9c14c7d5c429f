package dev.ashlar.bench.grpc;

import java.nio.ByteBuffer;

import dev.ashlar.bench.load.Client;
import dev.ashlar.bench.load.Outcome;
import dev.ashlar.bench.load.Payload;

/** etcd's KV.Put and KV.Range. */
final class KvCalls implements Calls {
    private final byte[][] keys;
    private final byte[][] values;
    private final int valueBytes;

    KvCalls(Payload payload) {
        keys = new byte[payload.keyCount()][];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = Protobuf.putKey(payload.key(i));
        }
        values = new byte[payload.valueCount()][];
        for (int i = 0; i < values.length; i++) {
            values[i] = Protobuf.value(payload.value(i));
        }
        valueBytes = payload.valueBytes();
        Calls.checkSize(PREFIX_BYTES + keys[0].length + values[0].length);
    }

    @Override
    public int method(Client client) {
        return client.read ? 1 : 0;
    }

    @Override
    public String path(Client client) {
        return client.read ? "/etcdserverpb.KV/Range" : "/etcdserverpb.KV/Put";
    }

    @Override
    public int messageBytes(Client client) {
        return PREFIX_BYTES + keys[client.key].length + (client.read ? 0 : values[client.value].length);
    }

    @Override
    public void encode(Client client, ByteBuffer out) {
        out.put((byte) 0).putInt(messageBytes(client) - PREFIX_BYTES).put(keys[client.key]);
        if (!client.read) {
            out.put(values[client.value]);
        }
    }

    @Override
    public int outcome(Client client, int answerBytes) {
        return client.read && answerBytes < valueBytes ? Outcome.WRONG_ANSWER : Outcome.OK;
    }
}
