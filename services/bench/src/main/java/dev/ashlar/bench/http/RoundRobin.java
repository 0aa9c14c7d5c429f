package dev.ashlar.bench.http;

import java.util.concurrent.atomic.AtomicInteger;

/** Every server in turn, whatever the key. */
final class RoundRobin implements Route {
    private final int members;
    private final AtomicInteger turn = new AtomicInteger();

    RoundRobin(int members) {
        this.members = members;
    }

    @Override
    public int memberFor(int key) {
        return Math.floorMod(turn.getAndIncrement(), members);
    }

    @Override
    public void failed(int member, int outcome) {
        // The next turn goes to another server anyway.
    }
}
