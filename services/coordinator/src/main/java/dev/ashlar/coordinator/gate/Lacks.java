package dev.ashlar.coordinator.gate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Reasons that concern shards, told once for all shards that they concern. */
final class Lacks {
    private static final int SHARDS_NAMED_MAX = 8;

    private final Map<String, List<Integer>> shardsByReason = new LinkedHashMap<>();

    void add(int shard, String reason) {
        shardsByReason.computeIfAbsent(reason, first -> new ArrayList<>()).add(shard);
    }

    List<String> lines() {
        return shardsByReason.entrySet().stream()
                .map(entry -> shards(entry.getValue()) + ": " + entry.getKey())
                .toList();
    }

    private static String shards(List<Integer> shards) {
        if (shards.size() > SHARDS_NAMED_MAX) {
            return shards.size() + " shards";
        }
        return (shards.size() == 1 ? "shard " : "shards ")
                + shards.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
