package dev.ashlar.raft.transport;

import java.util.concurrent.atomic.LongAdder;

/** The counters behind {@link TransportStats}. Any thread. */
final class Counters {
    final LongAdder framesSent = new LongAdder();
    final LongAdder bytesSent = new LongAdder();
    final LongAdder writes = new LongAdder();
    final LongAdder framesReceived = new LongAdder();
    final LongAdder bytesReceived = new LongAdder();
    final LongAdder framesDropped = new LongAdder();
    final LongAdder connects = new LongAdder();
    final LongAdder connectsFailed = new LongAdder();
    final LongAdder connectionsRefused = new LongAdder();
    final LongAdder protocolErrors = new LongAdder();
    final LongAdder snapshotsServed = new LongAdder();
    final LongAdder snapshotsRefused = new LongAdder();
    final LongAdder snapshotsFetched = new LongAdder();
    final LongAdder snapshotBytesSent = new LongAdder();
    final LongAdder snapshotBytesReceived = new LongAdder();
}
