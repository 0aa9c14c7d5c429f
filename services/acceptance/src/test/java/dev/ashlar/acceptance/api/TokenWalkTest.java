package dev.ashlar.acceptance.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import dev.ashlar.acceptance.cluster.ClusterSize;
import dev.ashlar.acceptance.cluster.LocalCluster;
import dev.ashlar.acceptance.cluster.ServerProcess;
import dev.ashlar.acceptance.cluster.Settings;
import dev.ashlar.common.cluster.ClusterView;

import static org.assertj.core.api.Assertions.assertThat;

/** A cluster that asks for tokens: every route with every kind of token, through real processes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokenWalkTest {
    private static final int WRONG_TOKENS = 200;
    private static final String PEER = "peer-secret-".repeat(4);

    private final Map<String, String> tokens = TokenWalk.CALLERS.stream()
            .collect(Collectors.toMap(name -> name, name -> name.equals("none") ? "" : "secret-of-" + name));
    private Path secrets;
    private LocalCluster cluster;
    private Api api;
    private ServerProcess store;
    private ServerProcess coordinator;

    @BeforeAll
    void start() throws IOException {
        secrets = Files.createTempDirectory("secrets");
        writeTokens(tokens.get("writer"));
        Files.writeString(secrets.resolve("peer"), PEER);
        cluster = LocalCluster.start("token-walk", new ClusterSize(3, 2, 3), new Settings() {
            @Override
            public void apply(String name, Map<String, String> environment) {
                environment.put(
                        "ASHLAR_AUTH_TOKENS_FILE",
                        secrets.resolve("tokens.json").toString());
                environment.put(
                        "ASHLAR_AUTH_PEER_TOKEN_FILE", secrets.resolve("peer").toString());
            }

            @Override
            public String token() {
                return tokens.get("admin");
            }
        });
        api = new Api(cluster);
        store = cluster.stores().getFirst();
        coordinator = cluster.coordinators().getFirst();
    }

    @AfterAll
    void stop() throws IOException {
        if (cluster != null) {
            cluster.close();
        }
        for (String file : List.of("tokens.json", "peer")) {
            Files.deleteIfExists(secrets.resolve(file));
        }
        Files.deleteIfExists(secrets);
    }

    @Test
    void everyRouteWithEveryKindOfToken() {
        List<String> wrong = new ArrayList<>();
        TokenWalk.STORE.forEach(row -> walk(wrong, store, row));
        TokenWalk.COORDINATOR.forEach(row -> walk(wrong, coordinator, row));
        assertThat(wrong).isEmpty();
    }

    /** A route cannot be forgotten: the routes, the rules and the documents agree, which other tests see to. */
    @Test
    void theWalkLeavesNoDocumentedCallOut() throws IOException {
        List<String> ofCoordinators = TokenWalk.calls(TokenWalk.COORDINATOR);
        assertThat(DocumentedCalls.missing("store", TokenWalk.calls(TokenWalk.STORE)))
                .isEmpty();
        assertThat(DocumentedCalls.missing("coordinator", ofCoordinators)).isEmpty();
        assertThat(DocumentedCalls.missing("store", ofCoordinators))
                .as("what no row asks for is seen")
                .contains("POST /v1/txn", "DELETE /v1/kv");
    }

    private void walk(List<String> wrong, ServerProcess process, String row) {
        String[] cells = row.split(" +");
        for (int i = 0; i < TokenWalk.CALLERS.size(); i++) {
            String caller = TokenWalk.CALLERS.get(i);
            Answer answer = call(process, cells[0], cells[1], tokens.get(caller));
            String seen = Set.of(401, 403).contains(answer.status()) ? Integer.toString(answer.status()) : "+";
            if (!seen.equals(cells[2 + i])) {
                wrong.add(process.name() + " " + cells[0] + " " + cells[1] + " as " + caller + ": " + answer.status()
                        + ", expected " + cells[2 + i]);
            }
        }
    }

    @Test
    void keysInABodyAreCheckedOneByOne() {
        String reads = "{\"then\":[{\"op\":\"get\",\"key\":\"app/t\"}]}";
        String writes =
                "{\"if\":[{\"key\":\"app/t\",\"absent\":true}],\"then\":[{\"op\":\"put\",\"key\":\"app/t\",\"text\":\"1\"}]}";
        String looksElsewhere =
                "{\"if\":[{\"key\":\"app{t}\",\"absent\":true}],\"else\":[{\"op\":\"get\",\"key\":\"other/{t}\"}]}";
        for (ServerProcess any : cluster.stores()) {
            assertThat(post(any, "/v1/txn", reads, "reader").status()).isEqualTo(200);
            assertThat(post(any, "/v1/txn", writes, "reader").problem()).isEqualTo("403 forbidden");
            assertThat(post(any, "/v1/txn", writes, "writer").status()).isEqualTo(200);
            assertThat(post(any, "/v1/txn", writes, "other").problem()).isEqualTo("403 forbidden");
            assertThat(post(any, "/v1/txn", looksElsewhere, "writer").problem()).isEqualTo("403 forbidden");
            Answer batch = post(
                    any,
                    "/v1/batch",
                    "{\"items\":[{\"op\":\"put\",\"key\":\"app/b\",\"text\":\"1\"},{\"op\":\"put\",\"key\":\"other/b\",\"text\":\"1\"}]}",
                    "writer");
            assertThat(batch.status()).isEqualTo(207);
            assertThat(batch.text()).contains("forbidden");
            assertThat(call(any, "GET", "/v1/kv/other/b", tokens.get("admin")).status())
                    .isEqualTo(404);
        }
    }

    @Test
    void aClientCannotPassForAStore() {
        for (ServerProcess any : cluster.stores()) {
            // A store that does not lead would refuse it, were it taken for the request of another store.
            for (int i = 0; i < 6; i++) {
                String key = "/v1/kv/app/pass/" + any.name() + "/" + i;
                assertThat(api.send(
                                        any,
                                        "PUT",
                                        key,
                                        BodyPublishers.ofString("x"),
                                        "Ashlar-Forwarded",
                                        "store-9",
                                        "Authorization",
                                        "Bearer " + tokens.get("writer"))
                                .status())
                        .isBetween(200, 201);
            }
        }
    }

    @Test
    void thePathOfALockCannotLeadToAnotherRoute() {
        for (String path : List.of("/v1/locks/../txn", "/v1/locks/..//batch", "/v1/locks/%2e%2e/cluster")) {
            for (String caller : List.of("reader", "other", "admin")) {
                Answer answer = post(store, path, "{\"owner\":\"me\"}", caller);
                assertThat(answer.problem()).as("%s as %s", path, caller).isEqualTo("400 invalid_argument");
                assertThat(answer.text()).contains("leads out of /v1/locks/");
            }
        }
        assertThat(post(store, "/v1/locks/..%2Ftxn", "{\"owner\":\"me\"}", "reader")
                        .problem())
                .isEqualTo("403 forbidden");
    }

    private Answer post(ServerProcess process, String path, String json, String caller) {
        return api.send(
                process, "POST", path, BodyPublishers.ofString(json), "Authorization", "Bearer " + tokens.get(caller));
    }

    @Test
    void refusalsAreProblemsWithAStableCode() {
        Answer none = call(store, "GET", "/v1/kv/app/x", "");
        assertThat(none.problem()).isEqualTo("401 unauthenticated");
        assertThat(none.header("WWW-Authenticate")).isEqualTo("Bearer");
        assertThat(call(store, "PUT", "/v1/kv/app/x", tokens.get("reader")).problem())
                .isEqualTo("403 forbidden");
        assertThat(call(coordinator, "GET", "/v1/cluster", "").problem()).isEqualTo("401 unauthenticated");
    }

    @Test
    void aPermittedClientIsServedThroughEveryStoreAndSeesThatTokensAreAsked() {
        for (ServerProcess any : cluster.stores()) {
            for (int i = 0; i < 6; i++) {
                String key = "/v1/kv/app/through/" + any.name() + "/" + i;
                assertThat(call(any, "PUT", key, tokens.get("writer")).status()).isBetween(200, 201);
                assertThat(call(any, "GET", key, tokens.get("reader")).status()).isEqualTo(200);
            }
            cluster.await("a scan through " + any.name(), () -> call(
                            any, "GET", "/v1/kv?prefix=app/through/" + any.name(), tokens.get("reader"))
                    .text()
                    .contains("app/through/" + any.name() + "/5"));
        }
        assertThat(cluster.processes())
                .extracting(process -> cluster.view(process).orElseThrow())
                .allMatch(ClusterView::auth);
    }

    @Test
    void aRenewedFileOfTokensIsTakenWithoutARestart() throws IOException {
        String renewed = "renewed-secret";
        String watched = tokens.get("writer");
        CompletableFuture<String> watch =
                CompletableFuture.supplyAsync(() -> get(store.ports().url() + "/v1/watch?prefix=app/renewed", watched));
        CompletableFuture<Answer> poll = CompletableFuture.supplyAsync(
                () -> api.get(store, "/v1/kv/app/renewed?wait=18s", "Authorization", "Bearer " + watched));
        CompletableFuture<String> goodWatch = CompletableFuture.supplyAsync(
                () -> get(store.ports().url() + "/v1/watch?prefix=app/renewed", tokens.get("reader")));
        cluster.await("the watches to begin", () -> watches(store) >= 3);
        writeTokens(renewed);
        cluster.await(
                "the new token to be taken",
                () -> call(store, "PUT", "/v1/kv/app/renewed", renewed).status() < 300);
        // The tries above were made with a token that was not valid yet: the old one may have to wait like any other.
        cluster.await(
                "the old token to be refused", () -> call(store, "PUT", "/v1/kv/app/renewed", tokens.get("writer"))
                        .problem()
                        .equals("401 unauthenticated"));
        cluster.await("the watch of the old token to end", watch::isDone);
        assertThat(watch.join())
                .contains("event: open")
                .contains("event: refused\ndata: {\"code\":\"unauthenticated\"");
        assertThat(poll.join().problem()).isEqualTo("401 unauthenticated");
        assertThat(goodWatch).as("whose token is still good").isNotDone();
        writeTokens(tokens.get("writer"));
        cluster.await(
                "the first token to be taken again",
                () -> call(store, "PUT", "/v1/kv/app/renewed", tokens.get("writer"))
                                .status()
                        < 300);
        // By every process: it was away for long enough that each has seen it go.
        cluster.processes().forEach(this::awaitNobodyIsSlowed);
    }

    /** What a connection has shown before is remembered there: it must not count for longer than the file says. */
    @Test
    void aConnectionIsRefusedOnceTheTokenItHasShownMayNotDoThatAnyMore() throws IOException {
        String writer = tokens.get("writer");
        try (OneConnection open = new OneConnection(store.ports().http())) {
            assertThat(open.put("/v1/kv/app/kept", writer)).isBetween(200, 201);
            assertThat(open.put("/v1/kv/app/kept", writer)).isEqualTo(200);
            writeTokens(writer, "read");
            cluster.await("the right to write to be taken from it", () -> newConnection(writer) == 403);
            assertThat(open.put("/v1/kv/app/kept", writer)).isEqualTo(403);
            writeTokens(writer, "write");
            cluster.await("the right to write to come back", () -> newConnection(writer) == 200);
            assertThat(open.put("/v1/kv/app/kept", writer)).isEqualTo(200);
            writeTokens("another-secret", "write");
            cluster.await("the token to be withdrawn", () -> newConnection(writer) == 401);
            // 429 when many others have failed from this address just now.
            assertThat(open.put("/v1/kv/app/kept", writer)).isIn(401, 429);
        }
        writeTokens(writer, "write");
        cluster.processes().forEach(this::awaitNobodyIsSlowed);
    }

    private int newConnection(String token) {
        try (OneConnection other = new OneConnection(store.ports().http())) {
            return other.put("/v1/kv/app/kept", token);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private double watches(ServerProcess process) {
        return get("http://127.0.0.1:" + process.ports().management() + "/q/metrics", "")
                .lines()
                .filter(line -> line.startsWith("ashlar_watches"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** The whole body, to its end. */
    private static String get(String url, String token) {
        try {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(url))
                                    .header("Authorization", "Bearer " + token)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void awaitNobodyIsSlowed(ServerProcess process) {
        for (String token : List.of("reader", "writer", "other")) {
            cluster.await(
                    "token " + token + " to be taken",
                    () -> call(process, "GET", "/v1/cluster", tokens.get(token)).status() == 200);
        }
    }

    @Test
    void whoeverTriesTokensIsSlowedAndOthersAreNot() {
        ServerProcess tried = cluster.stores().getLast();
        assertThat(call(tried, "GET", "/v1/cluster", tokens.get("admin")).status())
                .isEqualTo(200);
        Answer slowed = null;
        for (int i = 0; i < WRONG_TOKENS && slowed == null; i++) {
            Answer answer = call(tried, "GET", "/v1/cluster", "guess-" + i);
            assertThat(answer.status()).isIn(401, 429);
            slowed = answer.status() == 429 ? answer : null;
        }
        assertThat(slowed).as("one of %d wrong tokens is slowed", WRONG_TOKENS).isNotNull();
        assertThat(slowed.problem()).isEqualTo("429 too_many_requests");
        assertThat(Integer.parseInt(slowed.header("Retry-After"))).isPositive();
        assertThat(call(tried, "GET", "/v1/cluster", tokens.get("admin")).status())
                .as("a token that was good before")
                .isEqualTo(200);
        awaitNobodyIsSlowed(tried);
    }

    @AfterAll
    void noTokenStandsInALog() throws IOException {
        try (Stream<Path> logs = Files.list(Path.of("target", "acceptance-logs", "token-walk"))) {
            for (Path log : logs.toList()) {
                assertThat(Files.readString(log, StandardCharsets.ISO_8859_1))
                        .as(log.toString())
                        .isNotEmpty()
                        .doesNotContain("secret-of-")
                        .doesNotContain("guess-")
                        .doesNotContain("renewed-secret")
                        .doesNotContain("another-secret")
                        .doesNotContain("peer-secret");
            }
        }
    }

    private Answer call(ServerProcess process, String method, String path, String token) {
        var body =
                method.equals("PUT") || method.equals("POST") ? BodyPublishers.ofString("x") : BodyPublishers.noBody();
        return token.isEmpty()
                ? api.send(process, method, path, body)
                : api.send(process, method, path, body, "Authorization", "Bearer " + token);
    }

    private void writeTokens(String writer) throws IOException {
        writeTokens(writer, "write");
    }

    private void writeTokens(String writer, String writersRole) throws IOException {
        String json = "{\"tokens\":["
                + String.join(
                        ",",
                        token(tokens.get("admin"), "admin", "\"role\":\"admin\""),
                        token(tokens.get("reader"), "reader", "\"prefix\":\"app/\",\"role\":\"read\""),
                        token(writer, "writer", "\"prefix\":\"app/\",\"role\":\"" + writersRole + "\""),
                        token(tokens.get("other"), "other", "\"prefix\":\"other/\",\"role\":\"write\""))
                + "]}";
        // A mounted Secret changes in one step.
        Path written = Files.writeString(secrets.resolve("new"), json);
        Files.move(written, secrets.resolve("tokens.json"), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    private static String token(String text, String name, String grant) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "{\"token_sha256\":\"" + HexFormat.of().formatHex(hash) + "\",\"name\":\"" + name
                    + "\",\"grants\":[{" + grant + "}]}";
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
