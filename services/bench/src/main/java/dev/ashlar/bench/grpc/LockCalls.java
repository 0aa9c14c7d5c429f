package dev.ashlar.bench.grpc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import dev.ashlar.bench.load.Client;
import dev.ashlar.bench.load.Payload;

/**
 * etcd's recipe for a lock that nobody else wants, call by call as {@code clientv3/concurrency} makes them.
 *
 * <ol>
 *   <li>{@code NewSession}: Lease.LeaseGrant. (Its number is chosen here instead of by the server, so that messages have one
 *       size; the stream that keeps a session alive is left out.)
 *   <li>{@code Mutex.Lock}: KV.Txn, if the key {@code name/lease} was never created, then put it with the lease and get the
 *       oldest key below {@code name/}.
 *   <li>{@code Mutex.Unlock}: KV.DeleteRange of the key.
 *   <li>{@code Session.Close}: Lease.LeaseRevoke.
 * </ol>
 *
 * <p>A program that keeps its session makes the second and third call alone.
 */
final class LockCalls implements Calls {
    /** How long a lease lasts when nobody keeps it alive, in seconds: the default of a session. */
    static final int TTL_SECONDS = 60;

    private static final int GRANT = 0;
    private static final int LOCK = 1;
    private static final int UNLOCK = 2;
    private static final int REVOKE = 3;
    private static final String[] PATHS = {
        "/etcdserverpb.Lease/LeaseGrant",
        "/etcdserverpb.KV/Txn",
        "/etcdserverpb.KV/DeleteRange",
        "/etcdserverpb.Lease/LeaseRevoke"
    };
    /** All leases have this bit, so that all have 9 bytes as a number and 16 digits in a key. */
    private static final long ALL = 1L << 62;

    private static final long KEPT = 1L << 61;
    private static final int CLIENT_BITS = 14;
    private static final int NANOS_BITS = 47;

    private final Payload payload;
    private final boolean kept;
    private final int[] messageBytes = new int[PATHS.length];

    /** @param kept each client has a session with the lease {@link #keptLease} already */
    LockCalls(Payload payload, boolean kept) {
        this.payload = payload;
        this.kept = kept;
        for (int call = 0; call < PATHS.length; call++) {
            messageBytes[call] = PREFIX_BYTES + message(call, payload.key(0), ALL).length;
        }
    }

    /** The lease of a client that keeps its session. */
    static long keptLease(int client) {
        return ALL | KEPT | client;
    }

    private long lease(Client client) {
        return kept
                ? keptLease(client.id)
                : ALL | (client.startNanos & (1L << NANOS_BITS) - 1) << CLIENT_BITS | client.id;
    }

    @Override
    public int steps() {
        return kept ? 2 : PATHS.length;
    }

    @Override
    public int method(Client client) {
        return client.step + (kept ? LOCK : GRANT);
    }

    @Override
    public String path(Client client) {
        return PATHS[method(client)];
    }

    @Override
    public int messageBytes(Client client) {
        return messageBytes[method(client)];
    }

    @Override
    public void encode(Client client, ByteBuffer out) {
        byte[] message = message(method(client), payload.key(client.key), lease(client));
        out.put((byte) 0).putInt(message.length).put(message);
    }

    private static byte[] message(int call, byte[] name, long lease) {
        byte[] prefix = Protobuf.joined(name, ascii("/"));
        byte[] key = Protobuf.joined(prefix, ascii(Long.toHexString(lease)));
        return switch (call) {
            case GRANT -> Protobuf.joined(Protobuf.number(1, TTL_SECONDS), Protobuf.number(2, lease));
            case LOCK -> {
                byte[] put = Protobuf.joined(Protobuf.putKey(key), Protobuf.number(3, lease));
                byte[] owner = oldest(prefix);
                yield Protobuf.joined(
                        Protobuf.field(1, TxnCalls.compareCreateRevision(0, key)),
                        Protobuf.field(2, Protobuf.field(2, put)),
                        Protobuf.field(2, Protobuf.field(1, owner)),
                        Protobuf.field(3, Protobuf.field(1, Protobuf.range(key))),
                        Protobuf.field(3, Protobuf.field(1, owner)));
            }
            case UNLOCK -> Protobuf.field(1, key);
            case REVOKE -> Protobuf.number(1, lease);
            default -> throw new IllegalArgumentException("no call " + call);
        };
    }

    /** {@code WithFirstCreate}: a range over the prefix, ascending by create revision, of which one is wanted. */
    private static byte[] oldest(byte[] prefix) {
        byte[] end = Arrays.copyOf(prefix, prefix.length);
        end[end.length - 1]++;
        return Protobuf.joined(
                Protobuf.field(1, prefix),
                Protobuf.field(2, end),
                Protobuf.number(3, 1),
                Protobuf.number(5, 1),
                Protobuf.number(6, 2));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public boolean done(Client client, byte[] bytes, int from, int to) {
        return method(client) != LOCK || Protobuf.isSet(TxnCalls.SUCCEEDED, bytes, from, to);
    }
}
