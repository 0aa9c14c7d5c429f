package dev.ashlar.store.feed;

import io.vertx.core.buffer.Buffer;

/** Where the events of one watch go. All methods are called on the event loop of the watch, in order. */
public interface Sink {
    /** The watch stands; {@code cursor} is where it begins. Before every write. */
    void open(String cursor);

    /** Bytes of events; {@code written} is to be called when they have left, or never will. */
    void write(Buffer bytes, Runnable written);

    /** The events that come next have been forgotten: the last call, also before {@link #open}. */
    void compacted(String detail);

    /**
     * The client takes its events too slowly: the last call. It may go on from the last event it got; what it has not taken
     * by a moment later must be thrown away, with its connection.
     */
    void tooSlow(String detail);

    /** This store cannot go on; the client should watch through another one. The last call. */
    void end(String why);
}
