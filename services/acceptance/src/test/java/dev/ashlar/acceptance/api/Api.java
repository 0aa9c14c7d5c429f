package dev.ashlar.acceptance.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

import dev.ashlar.acceptance.cluster.LocalCluster;
import dev.ashlar.acceptance.cluster.ServerProcess;
import dev.ashlar.common.cluster.ClusterView;
import dev.ashlar.common.cluster.ReplicaInfo;
import dev.ashlar.common.cluster.ShardInfo;
import dev.ashlar.common.key.ShardHash;

/** Requests to the stores of one cluster. */
final class Api {
    private final LocalCluster cluster;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    Api(LocalCluster cluster) {
        this.cluster = cluster;
    }

    Answer get(ServerProcess process, String path, String... headers) {
        return send(process, "GET", path, BodyPublishers.noBody(), headers);
    }

    Answer put(ServerProcess process, String path, String body, String... headers) {
        return send(process, "PUT", path, BodyPublishers.ofString(body), headers);
    }

    Answer send(ServerProcess process, String method, String path, BodyPublisher body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(process.ports().url() + path))
                .timeout(Duration.ofSeconds(20))
                .method(method, body);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try {
            return new Answer(http.send(request.build(), BodyHandlers.ofByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path + " of " + process.name(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The beginning of a body without an end: up to a text, or as far as it goes. */
    String beginning(ServerProcess process, String path, String until) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(process.ports().url() + path))
                .timeout(Duration.ofSeconds(20))
                .build();
        StringBuilder seen = new StringBuilder();
        try (InputStream body = http.send(request, BodyHandlers.ofInputStream()).body()) {
            while (seen.indexOf(until) < 0) {
                int c = body.read();
                if (c < 0) {
                    break;
                }
                seen.append((char) c);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(path + " of " + process.name(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return seen.toString();
    }

    /** The store that leads the shard of a key. */
    ServerProcess leader(String key) {
        ClusterView view = cluster.view(cluster.stores().getFirst()).orElseThrow();
        int shard = ShardHash.shardOf(key, view.shards().size());
        ShardInfo info = view.shards().stream()
                .filter(candidate -> candidate.shard() == shard)
                .findFirst()
                .orElseThrow();
        String name = info.replicas().stream()
                .filter(replica -> replica.replica() == info.leaderReplica())
                .map(ReplicaInfo::store)
                .map(store -> store.substring(0, store.lastIndexOf('.')))
                .findFirst()
                .orElseThrow();
        return cluster.stores().stream()
                .filter(store -> store.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** A store that does not lead the shard of a key. */
    ServerProcess follower(String key) {
        ServerProcess leader = leader(key);
        return cluster.stores().stream()
                .filter(store -> store != leader)
                .findFirst()
                .orElseThrow();
    }
}
