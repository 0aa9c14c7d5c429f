package dev.ashlar.bench.grpc;

import java.nio.ByteBuffer;

import dev.ashlar.bench.load.Client;
import dev.ashlar.bench.load.Payload;

/** {@code KV.Txn}: that the keys of a group exist ({@code CreateRevision > 0}, as etcd's clients say it), then a put of each. */
final class TxnCalls implements Calls {
    private static final int COMPARE = 1;
    private static final int SUCCESS = 2;
    private static final int REQUEST_PUT = 2;
    /** {@code TxnResponse.succeeded}. */
    static final int SUCCEEDED = 2;

    private final byte[][] compares;
    private final byte[][] puts;
    private final byte[][] values;
    private final int messageBytes;

    TxnCalls(Payload payload) {
        values = new byte[payload.valueCount()][];
        for (int i = 0; i < values.length; i++) {
            values[i] = Protobuf.value(payload.value(i));
        }
        compares = new byte[payload.keyCount()][];
        puts = new byte[payload.keyCount()][];
        for (int i = 0; i < puts.length; i++) {
            compares[i] = Protobuf.field(COMPARE, exists(payload.key(i)));
            byte[] key = Protobuf.putKey(payload.key(i));
            int putBytes = key.length + values[0].length;
            byte[] put = Protobuf.open(REQUEST_PUT, putBytes);
            puts[i] = Protobuf.joined(Protobuf.open(SUCCESS, put.length + putBytes), put, key);
        }
        messageBytes = PREFIX_BYTES + Payload.GROUP * (compares[0].length + puts[0].length + values[0].length);
        Calls.checkSize(messageBytes);
    }

    private static byte[] exists(byte[] key) {
        return compareCreateRevision(1, key);
    }

    /** {@code Compare{result, target: CREATE, key, create_revision: 0}}; {@code result} 0 is EQUAL, 1 GREATER. */
    static byte[] compareCreateRevision(int result, byte[] key) {
        return Protobuf.joined(
                Protobuf.number(1, result), Protobuf.number(2, 1), Protobuf.field(3, key), Protobuf.number(5, 0));
    }

    @Override
    public int method(Client client) {
        return 0;
    }

    @Override
    public String path(Client client) {
        return "/etcdserverpb.KV/Txn";
    }

    @Override
    public int messageBytes(Client client) {
        return messageBytes;
    }

    @Override
    public void encode(Client client, ByteBuffer out) {
        out.put((byte) 0).putInt(messageBytes - PREFIX_BYTES);
        int first = client.key / Payload.GROUP * Payload.GROUP;
        for (int i = 0; i < Payload.GROUP; i++) {
            out.put(compares[first + i]);
        }
        for (int i = 0; i < Payload.GROUP; i++) {
            out.put(puts[first + i]).put(values[(client.value + i) % values.length]);
        }
    }

    @Override
    public boolean done(Client client, byte[] bytes, int from, int to) {
        return Protobuf.isSet(SUCCEEDED, bytes, from, to);
    }
}
