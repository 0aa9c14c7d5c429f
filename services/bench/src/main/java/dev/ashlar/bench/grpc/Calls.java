package dev.ashlar.bench.grpc;

import java.nio.ByteBuffer;

import dev.ashlar.bench.load.Client;
import dev.ashlar.bench.load.Outcome;
import dev.ashlar.bench.load.Payload;

/** What one workload says to etcd, by gRPC messages made before the run. Immutable, shared by all connections. */
interface Calls {
    /** What stands before each message: a byte for compression, which is off, and four for the length. */
    int PREFIX_BYTES = 5;

    /** A message must fit the window that a stream starts with, so that it never has to be cut. */
    int MESSAGE_BYTES_MAX = 16_000;

    /** How many calls one operation takes. */
    default int steps() {
        return 1;
    }

    /** The number of the method that is called, below {@link RequestHeaders#METHODS_MAX}; each has one path. */
    int method(Client client);

    String path(Client client);

    /** The size of the DATA frame: gRPC's five bytes and the message. */
    int messageBytes(Client client);

    /** Writes the content of the DATA frame. */
    void encode(Client client, ByteBuffer out);

    /** Whether the answer, {@code bytes[from..to)}, says that it was done. Asked only when all of it came in one frame. */
    default boolean done(Client client, byte[] bytes, int from, int to) {
        return true;
    }

    /** What an answer of so many bytes means, as {@link Outcome}. */
    default int outcome(Client client, int answerBytes) {
        return Outcome.OK;
    }

    /** Refuses what would have to be cut. */
    static void checkSize(int messageBytes) {
        if (messageBytes > MESSAGE_BYTES_MAX) {
            throw new IllegalArgumentException("the gRPC client sends messages of at most " + MESSAGE_BYTES_MAX
                    + " bytes; choose smaller values or the JSON gateway");
        }
    }

    /** The calls of a workload. */
    static Calls of(Payload payload, dev.ashlar.bench.load.Workload workload, boolean sessionsKept) {
        return switch (workload) {
            case PUT, GET, MIXED, LOAD -> new KvCalls(payload);
            case TXN -> new TxnCalls(payload);
            case LOCK -> new LockCalls(payload, sessionsKept);
        };
    }
}
