package dev.ashlar.coordinator.bootstrap;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;

import dev.ashlar.access.Access;
import dev.ashlar.common.StoreId;
import dev.ashlar.common.cluster.BootstrapStatus;

/**
 * The other coordinators, and this one, as they answered last: their ids and addresses. Any thread. Bounded: forgets all but
 * the last disk of a name.
 */
public final class Peers {
    private static final int TIMEOUT_MS = 2_000;
    private static final int BODY_BYTES_MAX = 64 << 10;
    private static final int NAMES_MAX = 64;

    /** @param answeredMs by {@link System#nanoTime()}, in milliseconds */
    private record Known(BootstrapStatus status, long answeredMs) {}

    private final Discovery discovery;
    private final HttpClient http;
    private final ObjectMapper json;
    private final Access access;
    private final Map<String, Known> byName = new ConcurrentHashMap<>();

    public Peers(Vertx vertx, Discovery discovery, ObjectMapper json, Access access) {
        this.discovery = discovery;
        this.json = json;
        this.access = access;
        this.http = access.client(
                vertx, new HttpClientOptions().setConnectTimeout(TIMEOUT_MS).setMaxPoolSize(2));
    }

    /** Asks every address that discovery names. Never fails. */
    public Future<List<Answer>> ask() {
        return discovery.find().compose(addresses -> {
            List<Future<Answer>> asked = addresses.stream().map(this::askOne).toList();
            return Future.all(asked)
                    .map(all -> asked.stream().map(Future::result).toList());
        });
    }

    private Future<Answer> askOne(String address) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setAbsoluteURI(address + "/internal/v1/bootstrap")
                .setTimeout(TIMEOUT_MS);
        return access.exchange(http, options, Buffer.buffer())
                .map(answer -> answer.status() == 200 && answer.body().length() <= BODY_BYTES_MAX
                        ? parse(answer.body().getBytes())
                        : Optional.<BootstrapStatus>empty())
                .otherwise(silent -> Optional.empty())
                .map(status -> {
                    status.ifPresent(this::heard);
                    return new Answer(address, status);
                });
    }

    /** A status that is whole and valid, else empty. */
    private Optional<BootstrapStatus> parse(byte[] body) {
        try {
            BootstrapStatus status = json.readValue(body, BootstrapStatus.class);
            StoreId id = new StoreId(text(status.name()), text(status.diskId()));
            List<String> members = status.members() == null ? List.of() : status.members();
            members.forEach(member -> StoreId.parse(text(member)));
            return Optional.of(new BootstrapStatus(
                    id.name(),
                    id.diskId(),
                    text(status.peerAddress()),
                    text(status.httpAddress()),
                    text(status.clusterId()),
                    List.copyOf(members),
                    status.dataFormat(),
                    Math.max(0, status.replica())));
        } catch (IOException | IllegalArgumentException stranger) {
            return Optional.empty();
        }
    }

    private static String text(String value) {
        return value == null ? "" : value;
    }

    private void heard(BootstrapStatus status) {
        if (byName.size() < NAMES_MAX || byName.containsKey(status.name())) {
            byName.put(status.name(), new Known(status, nowMs()));
        }
    }

    /** {@code host:port} of the peer port of a node ({@code name.diskid}), empty when it is not known. */
    public String peerAddress(String nodeId) {
        return known(nodeId).map(known -> known.status().peerAddress()).orElse("");
    }

    /** {@code host:port} of the API of a node ({@code name.diskid}), empty when it is not known. */
    public String httpAddress(String nodeId) {
        return known(nodeId).map(known -> known.status().httpAddress()).orElse("");
    }

    /** Whether the node answered within the last so many milliseconds. */
    public boolean answered(String nodeId, long withinMs) {
        return known(nodeId)
                .filter(known -> nowMs() - known.answeredMs() <= withinMs)
                .isPresent();
    }

    /** The newest data format that a node has told it reads, 0 when it has not been heard. */
    public int dataFormat(String nodeId) {
        return known(nodeId)
                .map(known -> Math.max(1, known.status().dataFormat()))
                .orElse(0);
    }

    private Optional<Known> known(String nodeId) {
        StoreId id = StoreId.parse(nodeId);
        return Optional.ofNullable(byName.get(id.name()))
                .filter(known -> known.status().diskId().equals(id.diskId()));
    }

    private static long nowMs() {
        return System.nanoTime() / 1_000_000;
    }
}
