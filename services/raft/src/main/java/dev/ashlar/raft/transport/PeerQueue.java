package dev.ashlar.raft.transport;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The frames that wait for one peer. The engine stages the frames of a turn and publishes them at its end; the event loop
 * takes them. The bytes of a frame count from its staging until the socket has taken it or it is dropped.
 */
final class PeerQueue {
    private final long bytesMax;
    private final AtomicLong bytes = new AtomicLong();
    private final List<byte[]> staged = new ArrayList<>();
    private final ArrayDeque<byte[]> pending = new ArrayDeque<>();

    PeerQueue(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Engine thread. False when the frame is not taken. An empty queue takes any frame. */
    boolean stage(byte[] frame) {
        long before = bytes.get();
        if (before > 0 && before + frame.length > bytesMax) {
            return false;
        }
        bytes.addAndGet(frame.length);
        staged.add(frame);
        return true;
    }

    /** Engine thread: what was staged may leave. */
    void publish() {
        synchronized (pending) {
            pending.addAll(staged);
        }
        staged.clear();
    }

    /** Event loop: the next frames, at least one if there is one, not more than {@code bytesMax} bytes unless it is one. */
    List<byte[]> take(int takeBytesMax) {
        List<byte[]> taken = new ArrayList<>();
        synchronized (pending) {
            long sum = 0;
            for (byte[] next = pending.peek(); next != null; next = pending.peek()) {
                sum += next.length;
                if (sum > takeBytesMax && !taken.isEmpty()) {
                    break;
                }
                taken.add(pending.poll());
            }
        }
        return taken;
    }

    /** Event loop: the socket has taken so many bytes, or they are lost. */
    void settled(long settledBytes) {
        bytes.addAndGet(-settledBytes);
    }

    /** Event loop: drops what is pending and says how many frames that were. */
    int dropPending() {
        synchronized (pending) {
            long sum = 0;
            for (byte[] frame : pending) {
                sum += frame.length;
            }
            int dropped = pending.size();
            pending.clear();
            bytes.addAndGet(-sum);
            return dropped;
        }
    }

    boolean isEmpty() {
        synchronized (pending) {
            return pending.isEmpty();
        }
    }

    /** Any thread. */
    long bytes() {
        return bytes.get();
    }
}
