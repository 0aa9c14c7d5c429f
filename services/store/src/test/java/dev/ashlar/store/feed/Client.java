package dev.ashlar.store.feed;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

import io.vertx.core.buffer.Buffer;

import dev.ashlar.store.kv.HistoryEvent;

/** The client of a watch, which reads what it gets, or nothing. */
final class Client implements Sink {
    /** A letter of each event's key, and its value as it is. */
    static final Filter.Encoding PLAIN = new Filter.Encoding() {
        @Override
        public void event(StringBuilder out, int shard, HistoryEvent event, String cursor) {
            out.append(event.key()).append('@').append(event.revision()).append('\n');
            event.item().ifPresent(item -> out.repeat(' ', item.value().length));
        }

        @Override
        public void progress(StringBuilder out, String cursor) {}
    };

    /** Key, shard, revision and cursor of each event. */
    static final Filter.Encoding WITH_CURSORS = new Filter.Encoding() {
        @Override
        public void event(StringBuilder out, int shard, HistoryEvent event, String cursor) {
            out.append(String.join("@", event.key(), "" + shard, "" + event.revision(), cursor))
                    .append('\n');
        }

        @Override
        public void progress(StringBuilder out, String cursor) {}
    };

    private final boolean reads;
    private final List<Runnable> unread = new ArrayList<>();
    private final AtomicLong unreadBytes = new AtomicLong();
    final ConcurrentLinkedQueue<String> got = new ConcurrentLinkedQueue<>();
    volatile String end = "";
    volatile boolean open;

    Client(boolean reads) {
        this.reads = reads;
    }

    long unreadBytes() {
        return unreadBytes.get();
    }

    @Override
    public void open(String cursor) {
        open = true;
    }

    @Override
    public void write(Buffer bytes, Runnable written) {
        if (reads) {
            bytes.toString()
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .forEach(got::add);
            written.run();
        } else {
            unreadBytes.addAndGet(bytes.length());
            unread.add(written);
        }
    }

    @Override
    public void compacted(String detail) {
        tooSlow(detail);
        end = "compacted";
    }

    /** Its connection is closed: what was not taken is thrown away. */
    @Override
    public void tooSlow(String detail) {
        end = "tooSlow";
        unread.forEach(Runnable::run);
        unread.clear();
        unreadBytes.set(0);
    }

    @Override
    public void end(String why) {
        end = why;
    }
}
