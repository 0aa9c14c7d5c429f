package dev.ashlar.bench.grpc;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

import dev.ashlar.bench.load.Loop;
import dev.ashlar.bench.load.Outcome;
import dev.ashlar.bench.watch.Deliveries;
import dev.ashlar.bench.watch.KeyScanner;
import dev.ashlar.bench.watch.Watchers;

/** {@code Watch.Watch}: a stream for each watcher, so many of them on one connection, members in turn. */
public final class EtcdWatchers implements Watchers {
    private final List<InetSocketAddress> members;
    private final int perConnection;
    private final Watched watched;
    private final byte[] create;

    /** @param perConnection 1 when each watcher is a client of its own */
    public EtcdWatchers(List<InetSocketAddress> members, int perConnection, Watched watched) {
        this.members = List.copyOf(members);
        this.perConnection = perConnection;
        this.watched = watched;
        byte[] prefix = watched.prefix().getBytes(StandardCharsets.US_ASCII);
        byte[] end = Arrays.copyOf(prefix, prefix.length);
        end[end.length - 1]++;
        // WatchRequest{create_request{key, range_end}}
        create = Protobuf.field(1, Protobuf.field(1, prefix), Protobuf.field(2, end));
    }

    @Override
    public void open(Loop loop, Deliveries deliveries) throws IOException {
        int left = deliveries.watchers();
        for (int i = 0; left > 0; i++) {
            int streams = Math.min(perConnection, left);
            loop.remember(new WatchLink(loop, members.get(i % members.size()), streams, deliveries));
            left -= streams;
        }
    }

    private final class WatchLink extends Http2Link {
        private final Deliveries deliveries;
        private final KeyScanner[] scanners;
        private final int[] receivedSinceUpdate;
        private long now;

        WatchLink(Loop loop, InetSocketAddress member, int streams, Deliveries deliveries) throws IOException {
            super(loop, member);
            this.deliveries = deliveries;
            scanners = new KeyScanner[streams];
            receivedSinceUpdate = new int[streams];
            for (int i = 0; i < streams; i++) {
                scanners[i] = new KeyScanner(watched.prefix(), watched.digits(), watched.valueBytes());
                openStream(2 * i + 1, 0, "/etcdserverpb.Watch/Watch");
                int bytes = Calls.PREFIX_BYTES + create.length;
                ByteBuffer out = out(Frames.HEADER_BYTES + bytes);
                Frames.header(out, bytes, Frames.DATA, 0, 2 * i + 1);
                out.put((byte) 0).putInt(create.length).put(create);
            }
            flushLater();
        }

        @Override
        protected void received(byte[] bytes, int length) {
            now = System.nanoTime();
            super.received(bytes, length);
        }

        @Override
        protected void data(int stream, byte[] bytes, int from, int to) {
            int i = stream >>> 1;
            scanners[i].feed(bytes, from, to, this::event);
            receivedSinceUpdate[i] += to - from;
            if (receivedSinceUpdate[i] > Frames.STREAM_WINDOW_BYTES / 2) {
                Frames.windowUpdate(out(Frames.HEADER_BYTES + 4), stream, receivedSinceUpdate[i]);
                receivedSinceUpdate[i] = 0;
                flushLater();
            }
        }

        private void event(int write) {
            deliveries.delivered(write, now - loop.dueNanos(write));
        }

        @Override
        protected void ended(int stream, int status) {
            close(Outcome.PROTOCOL);
        }

        @Override
        protected void windowGrew(long bytes) {
            // What is asked is far smaller than the window that a connection begins with.
        }

        @Override
        protected void lost(int outcome) {
            if (!loop.isOver()) {
                deliveries.broke();
            }
        }
    }
}
