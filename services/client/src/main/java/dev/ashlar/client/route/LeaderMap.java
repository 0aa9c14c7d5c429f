package dev.ashlar.client.route;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

import dev.ashlar.client.http.Connection;
import dev.ashlar.client.http.Json;

/**
 * The part of {@code GET /v1/cluster} that a smart client needs.
 *
 * @param stores HTTP addresses as they were told, unresolved, in the order of the answer
 * @param names store names, in the same order
 * @param leaderOfShard index into {@code stores} for each shard, -1 when no leader is known
 */
public record LeaderMap(List<InetSocketAddress> stores, List<String> names, List<Integer> leaderOfShard) {
    static final Duration TIMEOUT = Duration.ofSeconds(2);
    static final String PATH = "/v1/cluster";

    /** No cluster. */
    public static final LeaderMap NONE = new LeaderMap(List.of(), List.of(), List.of());

    /** Asks the servers one after another until one answers; empty when none does. */
    public static Optional<LeaderMap> fetch(HttpClient http, Connection connection, List<URI> servers)
            throws InterruptedException {
        for (URI server : servers) {
            try {
                HttpResponse<byte[]> answer = http.send(
                        connection.request(server, PATH).timeout(TIMEOUT).build(), BodyHandlers.ofByteArray());
                if (answer.statusCode() == 200) {
                    return Optional.of(parse(Json.read(answer.body(), JsonNode.class)));
                }
            } catch (IOException e) {
                // The next server may know.
            }
        }
        return Optional.empty();
    }

    /** The leader of a shard as an index into {@code stores}, -1 when it is not known. */
    public int leaderOf(int shard) {
        return shard < leaderOfShard.size() ? leaderOfShard.get(shard) : -1;
    }

    /** Reads the JSON of {@code GET /v1/cluster}. */
    static LeaderMap parse(JsonNode view) {
        List<InetSocketAddress> stores = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (JsonNode store : view.path("stores")) {
            String address = store.path("http_address").asText();
            int colon = address.lastIndexOf(':');
            if (colon > 0) {
                stores.add(InetSocketAddress.createUnresolved(
                        address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))));
                names.add(store.path("name").asText());
            }
        }
        JsonNode shards = view.path("shards");
        Integer[] leaders = new Integer[shards.size()];
        Arrays.fill(leaders, -1);
        for (JsonNode shard : shards) {
            int number = shard.path("shard").asInt(-1);
            if (number >= 0 && number < leaders.length) {
                leaders[number] = leader(shard, names);
            }
        }
        return new LeaderMap(List.copyOf(stores), List.copyOf(names), List.of(leaders));
    }

    private static int leader(JsonNode shard, List<String> names) {
        long leader = shard.path("leader_replica").asLong();
        if (leader == 0) {
            return -1;
        }
        for (JsonNode replica : shard.path("replicas")) {
            if (replica.path("replica").asLong() == leader) {
                String store = replica.path("store").asText();
                int dot = store.lastIndexOf('.');
                return names.indexOf(dot < 0 ? store : store.substring(0, dot));
            }
        }
        return -1;
    }

    /** True when there is at least one shard and every shard has a leader. */
    public boolean complete() {
        return !leaderOfShard.isEmpty() && leaderOfShard.stream().allMatch(leader -> leader >= 0);
    }
}
