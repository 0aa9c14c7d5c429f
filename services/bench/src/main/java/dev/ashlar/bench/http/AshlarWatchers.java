package dev.ashlar.bench.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;

import dev.ashlar.bench.load.Link;
import dev.ashlar.bench.load.Loop;
import dev.ashlar.bench.watch.Deliveries;
import dev.ashlar.bench.watch.KeyScanner;
import dev.ashlar.bench.watch.Watchers;

/** {@code GET /v1/watch?prefix=}: server-sent events, one connection for each watcher, stores in turn. */
public final class AshlarWatchers implements Watchers {
    private final List<InetSocketAddress> stores;
    private final byte[][] heads;
    private final Watched watched;

    /** The prefix must need no escape in a query. */
    public AshlarWatchers(List<InetSocketAddress> stores, Watched watched) {
        this.stores = List.copyOf(stores);
        this.watched = watched;
        heads = Heads.of(stores, "", "Accept: text/event-stream\r\n");
    }

    @Override
    public void open(Loop loop, Deliveries deliveries) throws IOException {
        byte[] get = Heads.ascii("GET /v1/watch?prefix=" + watched.prefix());
        for (int i = 0; i < deliveries.watchers(); i++) {
            int store = i % stores.size();
            loop.remember(new SseLink(loop, stores.get(store), deliveries, get, heads[store]));
        }
    }

    /** Chunks and events are not told apart: a key is found wherever it stands. */
    private final class SseLink extends Link {
        private final Deliveries deliveries;
        /** A value stands in base64 behind its key. */
        private final KeyScanner scanner =
                new KeyScanner(watched.prefix(), watched.digits(), (watched.valueBytes() + 2) / 3 * 4);

        private long now;

        SseLink(Loop loop, InetSocketAddress store, Deliveries deliveries, byte[] get, byte[] head) throws IOException {
            super(loop, store);
            this.deliveries = deliveries;
            ByteBuffer out = out(get.length + head.length);
            out.put(get).put(head);
            flushLater();
        }

        @Override
        protected void received(byte[] bytes, int length) {
            now = System.nanoTime();
            scanner.feed(bytes, 0, length, this::event);
        }

        private void event(int write) {
            deliveries.delivered(write, now - loop.dueNanos(write));
        }

        @Override
        protected void lost(int outcome) {
            if (!loop.isOver()) {
                deliveries.broke();
            }
        }
    }
}
