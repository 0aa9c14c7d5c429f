package dev.ashlar.store.scalein;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Asks an API server that is played, without TLS: the token then stays where it is. */
class OwnStatefulSetTest {
    private static final String PATH = "/apis/apps/v1/namespaces/blue/statefulsets/store";

    @TempDir
    Path account;

    private final Vertx vertx = Vertx.vertx();
    private HttpServer server;
    private volatile String authorization = "";

    @BeforeEach
    void mount() throws IOException {
        Files.writeString(account.resolve("namespace"), "blue\n");
        Files.writeString(account.resolve("token"), "secret\n");
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
        var unused = vertx.close();
    }

    @Test
    void whoStopsForGood() {
        assertThat(ScaleIn.isForGood(3, 3)).isTrue();
        assertThat(ScaleIn.isForGood(2, 3)).isFalse();
        assertThat(ScaleIn.isForGood(2, 0)).as("the whole cluster stops").isFalse();
    }

    @Test
    void tellsHowManyReplicasAreWanted() throws Exception {
        answer(200, "{\"metadata\":{\"name\":\"store\"},\"spec\":{\"replicas\":3},\"status\":{\"replicas\":5}}");
        assertThat(set(environment()).replicas("store")).hasValue(3);
        assertThat(authorization).doesNotContain("secret");
    }

    @Test
    void knowsNothingOutsideKubernetes() throws Exception {
        assertThat(set(Map.of()).replicas("store")).isEmpty();
        Files.delete(account.resolve("token"));
        assertThat(set(environment()).replicas("store")).isEmpty();
    }

    @Test
    void saysWhyTheApiServerDoesNotTell() throws Exception {
        answer(403, "{}");
        assertThatThrownBy(() -> set(environment()).replicas("store"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("answered 403 to GET " + PATH);
        server.removeContext(PATH);
        answer(200, "{}");
        assertThatThrownBy(() -> set(environment()).replicas("store")).hasMessageContaining("no spec.replicas");
    }

    private OwnStatefulSet set(Map<String, String> environment) {
        return new OwnStatefulSet(vertx, new ObjectMapper(), environment, account);
    }

    private Map<String, String> environment() {
        return Map.of(
                "KUBERNETES_SERVICE_HOST",
                "127.0.0.1",
                "KUBERNETES_SERVICE_PORT",
                Integer.toString(server.getAddress().getPort()));
    }

    private void answer(int status, String body) {
        server.createContext(PATH, exchange -> {
            authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }
}
