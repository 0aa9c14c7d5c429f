package dev.ashlar.coordinator.membership;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.ashlar.common.cluster.ReplicaCheck;
import dev.ashlar.coordinator.state.ReplicaRecord;
import dev.ashlar.coordinator.state.ShardRecord;

/**
 * Compares the checksums of one shard's replicas (S3).
 *
 * <ol>
 *   <li>Checksums are kept by the log index they were taken at, the newest {@value #INDEXES_KEPT} of them; a replica may be some
 *       verifications behind.
 *   <li>At one index, a checksum that more than half of the shard's voters have is right; a replica with another one is damaged.
 *       While no checksum has so many, nobody is blamed.
 *   <li>What a store says of the bytes on its own disk counts at once.
 *   <li>A replica stays damaged until it is gone from the map: a state that was wrong once does not become right by itself.
 * </ol>
 *
 * <p>Not thread-safe; {@link Observations} guards it.
 */
final class Integrity {
    private static final int INDEXES_KEPT = 8;

    private final SortedMap<Long, Map<Long, String>> byIndex = new TreeMap<>();
    private final Map<Long, String> damaged = new HashMap<>();

    /** Takes what a store tells of the replica that the map gives it. */
    void heard(ShardRecord shard, ReplicaCheck check) {
        if (!check.damage().isEmpty()) {
            damaged.putIfAbsent(check.replica(), check.damage());
        }
        if (check.index() <= 0 || check.checksum().isEmpty()) {
            return;
        }
        Map<Long, String> atIndex = byIndex.computeIfAbsent(check.index(), index -> new TreeMap<>());
        boolean news = atIndex.put(check.replica(), check.checksum()) == null;
        if (byIndex.size() > INDEXES_KEPT) {
            byIndex.remove(byIndex.firstKey());
        }
        if (news) {
            List<Long> voters = shard.replicas().stream()
                    .filter(replica -> replica.kind() == ReplicaRecord.Kind.VOTER)
                    .map(ReplicaRecord::replica)
                    .toList();
            differing(atIndex, voters)
                    .forEach((replica, why) ->
                            damaged.putIfAbsent(replica, "its checksum at index " + check.index() + " " + why));
        }
    }

    /** What is wrong, by replica. */
    Map<Long, String> damaged(ShardRecord shard) {
        damaged.keySet().removeIf(replica -> shard.replica(replica).isEmpty());
        return Map.copyOf(damaged);
    }

    /** The replicas that differ from what more than half of the voters have, with how. */
    static Map<Long, String> differing(Map<Long, String> checksums, List<Long> voters) {
        Map<String, Integer> votes = new HashMap<>();
        for (Long voter : voters) {
            if (checksums.containsKey(voter)) {
                votes.merge(checksums.get(voter), 1, Integer::sum);
            }
        }
        Map<Long, String> differing = new TreeMap<>();
        votes.entrySet().stream()
                .filter(entry -> entry.getValue() > voters.size() / 2)
                .findFirst()
                .ifPresent(right -> checksums.forEach((replica, checksum) -> {
                    if (!checksum.equals(right.getKey())) {
                        differing.put(
                                replica,
                                "is " + checksum + ", that of " + right.getValue() + " of " + voters.size()
                                        + " voters is " + right.getKey());
                    }
                }));
        return differing;
    }
}
