package dev.ashlar.bench.http;

import java.nio.ByteBuffer;

import dev.ashlar.bench.load.Client;

/** How one API says its operations in HTTP/1.1. Everything that can be is made before the run. Shared by all loops: immutable. */
interface Requests {
    /** How many requests one operation takes. */
    default int steps() {
        return 1;
    }

    /** Most bytes that {@link #encode} writes for this operation. */
    int bytesMax(Client client);

    /** Writes the whole request. {@code member} is the server it goes to (its name is in the Host header). */
    void encode(Client client, int member, ByteBuffer out);

    /** What an answer means, as {@link dev.ashlar.bench.load.Outcome}. */
    int outcome(Client client, int status, long bodyBytes);
}
