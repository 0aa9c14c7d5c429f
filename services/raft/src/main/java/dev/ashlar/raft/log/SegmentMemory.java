package dev.ashlar.raft.log;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Memory for a whole segment, given back when it is closed and not when a collector finds it.
 *
 * <p>All threads can read it, as long as it fits easily into what the JVM permits for such buffers, which is as much as the heap may
 * take. Else only the thread that made it can: a segment may be larger than that.
 */
final class SegmentMemory implements AutoCloseable {
    private static final int SHARED_BYTES_MAX = 128 << 20;

    private final ByteBuffer memory;
    private final Runnable free;
    private final boolean shared;

    private SegmentMemory(ByteBuffer memory, Runnable free, boolean shared) {
        this.memory = memory;
        this.free = free;
        this.shared = shared;
    }

    static SegmentMemory of(int bytes) {
        return of(bytes, Math.min(SHARED_BYTES_MAX, Runtime.getRuntime().maxMemory() / 2));
    }

    static SegmentMemory of(int bytes, long sharedBytesMax) {
        if (bytes <= sharedBytesMax) {
            ByteBuf buffer = Unpooled.directBuffer(bytes, bytes);
            return new SegmentMemory(buffer.nioBuffer(0, bytes), buffer::release, true);
        }
        Arena arena = Arena.ofConfined();
        return new SegmentMemory(arena.allocate(bytes, Long.BYTES).asByteBuffer(), arena::close, false);
    }

    /** Whether any thread can read it. */
    boolean isShared() {
        return shared;
    }

    /** The first bytes of it. */
    ByteBuffer buffer(int bytes) {
        return memory.duplicate().clear().limit(bytes);
    }

    @Override
    public void close() {
        free.run();
    }
}
