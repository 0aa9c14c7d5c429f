package dev.ashlar.raft.wire;

import io.microraft.RaftEndpoint;

import dev.ashlar.raft.Member;

/** A {@link Member} as MicroRaft sees it. */
public record Endpoint(Member member) implements RaftEndpoint {
    /** The member behind an endpoint of this engine. */
    public static Member memberOf(RaftEndpoint endpoint) {
        return ((Endpoint) endpoint).member();
    }

    @Override
    public Object getId() {
        return member;
    }
}
