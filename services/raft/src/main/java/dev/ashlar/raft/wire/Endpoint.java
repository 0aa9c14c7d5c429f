package dev.ashlar.raft.wire;

import io.microraft.RaftEndpoint;

import dev.ashlar.raft.Member;

/** A {@link Member} as MicroRaft sees it. */
public record Endpoint(Member member) implements RaftEndpoint {
    /** The member behind an endpoint of this engine. */
    public static Member memberOf(RaftEndpoint endpoint) {
        return ((Endpoint) endpoint).member();
    }

    /** By hand for the same reason as that of {@link Member}. */
    @Override
    public boolean equals(Object other) {
        return this == other || (other instanceof Endpoint that && member.equals(that.member));
    }

    @Override
    public int hashCode() {
        return member.hashCode();
    }

    @Override
    public String toString() {
        return member.toString();
    }

    @Override
    public Object getId() {
        return member;
    }
}
