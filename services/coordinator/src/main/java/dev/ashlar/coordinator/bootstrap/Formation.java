package dev.ashlar.coordinator.bootstrap;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import dev.ashlar.common.StoreId;
import dev.ashlar.raft.Member;

/**
 * The group this disk belongs to.
 *
 * @param clusterId a UUID
 * @param members the ids ({@code name.diskid}) of the group as it was formed, sorted
 * @param joinedAs the replica number under which this disk joined later, 0 for a founding member
 */
public record Formation(String clusterId, List<String> members, long joinedAs) {
    public Formation {
        members = List.copyOf(members);
    }

    public Formation(String clusterId, List<String> members) {
        this(clusterId, members, 0);
    }

    /** The same group, for a disk that joins it under this number. */
    public Formation joinedAs(long replica) {
        return new Formation(clusterId, members, replica);
    }

    /** The replica of this disk; empty when it is none of the group's. */
    public Optional<Member> local(StoreId self) {
        return joinedAs != 0
                ? Optional.of(new Member(self.toString(), joinedAs))
                : voters().stream()
                        .filter(member -> member.nodeId().equals(self.toString()))
                        .findFirst();
    }

    /** The one of these members; the cluster id follows from them, so that all compute the same. */
    static Formation of(List<String> ids) {
        List<String> sorted = ids.stream().sorted().toList();
        byte[] seed = ("ashlar:" + String.join(",", sorted)).getBytes(StandardCharsets.UTF_8);
        return new Formation(UUID.nameUUIDFromBytes(seed).toString(), sorted);
    }

    public boolean has(StoreId id) {
        return members.contains(id.toString());
    }

    /** The voters the group begins with: replica numbers are the places in the sorted list, from 1. */
    public List<Member> voters() {
        List<Member> voters = new ArrayList<>();
        for (String member : members) {
            voters.add(new Member(member, voters.size() + 1L));
        }
        return voters;
    }
}
