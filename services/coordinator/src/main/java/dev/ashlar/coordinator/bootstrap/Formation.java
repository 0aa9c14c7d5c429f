package dev.ashlar.coordinator.bootstrap;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import dev.ashlar.common.StoreId;
import dev.ashlar.raft.Member;

/**
 * The group this disk belongs to.
 *
 * @param clusterId a UUID
 * @param members the ids ({@code name.diskid}) of the group as it was formed, sorted
 */
public record Formation(String clusterId, List<String> members) {
    public Formation {
        members = List.copyOf(members);
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
