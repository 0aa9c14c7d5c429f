package dev.ashlar.raft.engine;

import java.util.ArrayList;
import java.util.List;

import dev.ashlar.raft.transport.PeerTransport;

/**
 * Messages on their way out. One whose promise is not on the disk yet waits for its epoch (S1): a success answer, a vote
 * or a term never leaves before the bytes it promises are durable.
 */
final class Outbox {
    private final PeerTransport transport;
    private final List<Held> held = new ArrayList<>();
    private long durableEpoch;

    Outbox(PeerTransport transport) {
        this.transport = transport;
    }

    /** Sends with the next {@link #flush}, or once {@code epoch} is durable. */
    void send(String nodeId, byte[] frame, long epoch) {
        if (epoch <= durableEpoch) {
            transport.send(nodeId, frame);
        } else {
            held.add(new Held(nodeId, frame, epoch));
        }
    }

    /** An epoch is on the disk: what waited for it goes out. */
    void durable(long epoch) {
        durableEpoch = epoch;
        int kept = 0;
        for (Held message : held) {
            if (message.epoch <= epoch) {
                transport.send(message.nodeId, message.frame);
            } else {
                held.set(kept++, message);
            }
        }
        held.subList(kept, held.size()).clear();
    }

    long durableEpoch() {
        return durableEpoch;
    }

    void flush() {
        transport.flush();
    }

    private record Held(String nodeId, byte[] frame, long epoch) {}
}
