package dev.ashlar.acceptance.api;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import dev.ashlar.acceptance.cluster.ClusterSize;
import dev.ashlar.acceptance.cluster.LocalCluster;
import dev.ashlar.acceptance.cluster.ServerProcess;
import dev.ashlar.common.Limits;

import static org.assertj.core.api.Assertions.assertThat;

/** What no client should send gets a clear refusal or a closed connection, and every store goes on serving (S8). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {
    private static final int IDLE_CONNECTIONS = 10_000;
    private static final int SOCKET_TIMEOUT_MS = 20_000;

    private LocalCluster cluster;
    private Api api;
    private ServerProcess store;

    @BeforeAll
    void start() {
        cluster = LocalCluster.start("bad-input", ClusterSize.STANDARD);
        api = new Api(cluster);
        store = cluster.stores().getFirst();
    }

    @AfterAll
    void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @AfterEach
    void everyStoreStillServes() {
        for (ServerProcess any : cluster.stores()) {
            assertThat(any.isAlive()).as("%s is alive", any.name()).isTrue();
            assertThat(api.put(any, "/v1/kv/still-there", any.name()).status()).isBetween(200, 201);
            assertThat(api.get(store, "/v1/kv/still-there").text()).isEqualTo(any.name());
        }
    }

    @Test
    void keysUpToTheLimitAndNotBeyond() {
        String longest = "k".repeat(Limits.KEY_BYTES_MAX);
        assertThat(api.put(store, "/v1/kv/" + longest, "x").status()).isEqualTo(201);
        assertThat(api.put(store, "/v1/kv/" + longest + "k", "x").problem()).isEqualTo("414 key_too_long");
        assertThat(api.put(store, "/v1/kv/", "x").problem()).isEqualTo("400 invalid_argument");
    }

    @Test
    void valuesUpToTheLimitAndNotBeyond() {
        byte[] largest = new byte[Limits.VALUE_BYTES_MAX];
        new Random(1).nextBytes(largest);
        ServerProcess follower = api.follower("large");
        assertThat(api.send(follower, "PUT", "/v1/kv/large", BodyPublishers.ofByteArray(largest))
                        .status())
                .isEqualTo(201);
        assertThat(api.get(follower, "/v1/kv/large").response().body()).isEqualTo(largest);
        byte[] tooLarge = new byte[Limits.VALUE_BYTES_MAX + 1];
        assertThat(api.send(follower, "PUT", "/v1/kv/large", BodyPublishers.ofByteArray(tooLarge))
                        .problem())
                .isEqualTo("413 value_too_large");
        // Without a Content-Length, in chunks.
        assertThat(api.send(
                                follower,
                                "PUT",
                                "/v1/kv/large",
                                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(tooLarge)))
                        .problem())
                .isEqualTo("413 value_too_large");
        assertThat(api.get(follower, "/v1/kv/large").response().body()).isEqualTo(largest);
    }

    @Test
    void aHeaderOrAnAddressThatIsTooLong() throws IOException {
        assertThat(status("GET /v1/kv/a HTTP/1.1\r\nHost: a\r\nX-Long: " + "x".repeat(40_000) + "\r\n\r\n"))
                .isIn("431", "400", "closed");
        assertThat(status("GET /v1/kv/a?x=" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: a\r\n\r\n"))
                .isIn("414", "400", "closed");
    }

    @Test
    void badPercentEncoding() throws IOException {
        for (String path : List.of("%", "%z1", "%4", "%ff%fe", "%c3%28", "%00")) {
            assertThat(status("GET /v1/kv/" + path + " HTTP/1.1\r\nHost: a\r\n\r\n"))
                    .as(path)
                    .isIn("400", "404");
        }
    }

    @Test
    void conditionsThatAreNoRevisions() {
        api.put(store, "/v1/kv/tagged", "x");
        for (String tag : List.of("7", "\"abc\"", "\"-1\"", "\"99999999999999999999\"", "\"", "W/\"1\"")) {
            assertThat(api.put(store, "/v1/kv/tagged", "y", "If-Match", tag).problem())
                    .as(tag)
                    .isEqualTo("400 invalid_argument");
        }
        assertThat(api.get(store, "/v1/kv/tagged").text()).isEqualTo("x");
    }

    @Test
    void parametersThatMakeNoSense() {
        for (String query :
                List.of("consistency=strong", "consistency=", "max_staleness=5s", "nonsense=1", "wait=-1s")) {
            assertThat(api.get(store, "/v1/kv/a?" + query).problem()).as(query).isEqualTo("400 invalid_argument");
        }
        for (String ttl : List.of("-5s", "0s", "5", "5y", "99999999999999999999s", "")) {
            assertThat(api.put(store, "/v1/kv/a?ttl=" + ttl, "x").problem())
                    .as(ttl)
                    .isEqualTo("400 invalid_argument");
        }
        for (String query :
                List.of("limit=0", "limit=-1", "limit=1000000", "limit=x", "cursor=%21%21", "reverse=maybe")) {
            assertThat(api.get(store, "/v1/kv?" + query).problem()).as(query).isEqualTo("400 invalid_argument");
        }
    }

    @Test
    void wrongMethodsAndUnknownPaths() {
        Answer post = api.send(store, "POST", "/v1/kv/a", BodyPublishers.ofString("x"));
        assertThat(post.problem()).isEqualTo("405 method_not_allowed");
        assertThat(post.header("Allow")).contains("PUT").contains("DELETE");
        assertThat(api.get(store, "/v2/nothing").problem()).isEqualTo("404 not_found");
    }

    @Test
    void aBodyThatEndsEarlyIsNotWritten() throws IOException {
        try (Socket socket = connect(store.ports().http())) {
            socket.getOutputStream()
                    .write("PUT /v1/kv/half HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nonly this"
                            .getBytes(StandardCharsets.US_ASCII));
        }
        // A later request through the same store: had the first taken effect at its end, it would be there.
        assertThat(api.put(store, "/v1/kv/%7Bhalf%7Dafter", "x").status()).isBetween(200, 201);
        assertThat(api.get(store, "/v1/kv/half").problem()).isEqualTo("404 not_found");
    }

    @Test
    void garbageOnTheApiPort() throws IOException {
        assertThat(status("\u0001\u0002\u0003 garbage\r\n\r\n")).isIn("400", "404", "405", "501", "closed");
        assertThat(status("PUT /v1/kv/a HTTP/1.1\r\nHost: a\r\nContent-Length: -7\r\n\r\nx"))
                .isIn("400", "closed");
        assertThat(status("PUT /v1/kv/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"))
                .isIn("400", "closed");
    }

    @Test
    void garbageAndSilenceOnThePeerPort() throws IOException {
        List<Socket> silent = new ArrayList<>();
        try {
            for (ServerProcess any : cluster.stores()) {
                silent.add(connect(any.ports().peer()));
                for (int seed = 0; seed < 20; seed++) {
                    byte[] garbage = new byte[1 << 16];
                    new Random(seed).nextBytes(garbage);
                    assertThat(isClosedAfter(any.ports().peer(), garbage)).isTrue();
                }
                // A frame that claims to be enormous, and another protocol.
                assertThat(isClosedAfter(any.ports().peer(), new byte[] {127, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0}))
                        .isTrue();
                assertThat(isClosedAfter(
                                any.ports().peer(),
                                "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII)))
                        .isTrue();
            }
            everyStoreStillServes();
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void tenThousandIdleConnections() throws IOException {
        List<Socket> idle = new ArrayList<>();
        try {
            for (int i = 0; i < IDLE_CONNECTIONS; i++) {
                idle.add(connect(store.ports().http()));
            }
            everyStoreStillServes();
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    /** The status of the answer to these bytes on the API port, or {@code closed}. */
    private String status(String request) throws IOException {
        try (Socket socket = connect(store.ports().http())) {
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            byte[] line = socket.getInputStream().readNBytes(12);
            return line.length < 12 ? "closed" : new String(line, 9, 3, StandardCharsets.US_ASCII);
        } catch (java.net.SocketException reset) {
            return "closed";
        }
    }

    /** Whether the peer port ends a connection that sent these bytes, whatever it answers before. */
    private static boolean isClosedAfter(int port, byte[] bytes) throws IOException {
        try (Socket socket = connect(port)) {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            Awaitility.await()
                    .atMost(Duration.ofMillis(SOCKET_TIMEOUT_MS))
                    .until(() -> socket.getInputStream().read() < 0);
            return true;
        } catch (java.net.SocketException reset) {
            return true;
        }
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(SOCKET_TIMEOUT_MS);
        return socket;
    }
}
