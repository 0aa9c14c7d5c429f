package dev.ashlar.acceptance.api;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import dev.ashlar.acceptance.cluster.ClusterSize;
import dev.ashlar.acceptance.cluster.LocalCluster;
import dev.ashlar.acceptance.cluster.ServerProcess;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is written of the API is so, on three stores and one: the commands of docs/api.md, the OpenAPI documents, and every
 * row of the API asked of a store that leads, of one that does not, and of one that is alone.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DocumentsTest {
    private static final Path DOCS = Path.of("../../docs");
    private static final Pattern BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
    private static final Pattern EXPECTED = Pattern.compile("^# (\\d{3})$", Pattern.MULTILINE);
    private static final Pattern STATUS = Pattern.compile("^STATUS (\\d{3})$", Pattern.MULTILINE);
    /** Tells the status on the standard error. A 503 says that nothing was changed: on a busy machine leaders come and go. */
    private static final String CURL = """
            out=$(mktemp) err=$(mktemp)
            trap 'rm -f "$out" "$err"' EXIT
            curl() {
              for try in $(seq 30); do
                command curl -sS --max-time 60 -w '%{stderr}STATUS %{http_code}\\n' "$@" >"$out" 2>"$err" || true
                grep -q '^STATUS 503$' "$err" || break
                sleep 1
              done
              cat "$out"
              cat "$err" >&2
            }
            """;

    private static final List<String> METHODS = List.of("GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "TRACE");
    /** A parameter that no call has: none of them lasts, and none does anything. */
    private static final String NOT_VALID = "?no-such=1&after=x";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final YAMLMapper yaml = new YAMLMapper();
    private LocalCluster cluster;
    private Api api;

    @BeforeAll
    void start() {
        cluster = LocalCluster.start("documents", ClusterSize.STANDARD);
        api = new Api(cluster);
    }

    @AfterAll
    void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    /** Top to bottom in one shell; below each command stands the status of its answer. */
    @Test
    void theCallsAnswerAsThePageSays() throws IOException, InterruptedException {
        StringBuilder script = new StringBuilder(CURL);
        List<String> expected = new ArrayList<>();
        String page = Files.readString(DOCS.resolve("api.md"));
        assertThat(BLOCK.matcher(page).replaceAll(""))
                .as("what is not run: commands outside of the blocks")
                .doesNotContain("curl ");
        for (Matcher block = BLOCK.matcher(page); block.find(); ) {
            script.append(block.group(1)).append('\n');
            for (Matcher status = EXPECTED.matcher(block.group(1)); status.find(); ) {
                expected.add(status.group(1));
            }
        }
        URI store = URI.create(cluster.stores().getFirst().ports().url());
        URI coordinator = URI.create(cluster.coordinators().getFirst().ports().url());
        Path file = Files.createTempFile("documented", ".sh");
        Path told = Files.createTempFile("documented", ".txt");
        try {
            Files.writeString(
                    file,
                    script.toString()
                            .replace("localhost:8080", store.getAuthority())
                            .replace("localhost:8180", coordinator.getAuthority()));
            new ProcessBuilder("bash", file.toString())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(told.toFile())
                    .start()
                    .waitFor();
            List<String> seen = new ArrayList<>();
            for (Matcher status = STATUS.matcher(Files.readString(told)); status.find(); ) {
                seen.add(status.group(1));
            }
            assertThat(seen).as(Files.readString(told)).isEqualTo(expected).hasSizeGreaterThan(30);
        } finally {
            Files.delete(file);
            Files.delete(told);
        }
    }

    /** {@code -Dgolden=write} writes what the processes say of themselves, to be read as a diff. */
    @Test
    void theCommittedDocumentsAreThoseOfTheProcesses() throws IOException, InterruptedException {
        for (ServerProcess process : both()) {
            Path committed = DOCS.resolve("openapi").resolve(service(process) + ".yaml");
            String told = told(process);
            if (System.getProperty("golden", "").equals("write")) {
                Files.writeString(committed, told);
            }
            assertThat(yaml.readTree(committed.toFile()))
                    .as(committed.toString())
                    .isEqualTo(yaml.readTree(told));
        }
    }

    @Test
    void everyDocumentedCallIsServedAndNoOther() throws IOException, InterruptedException {
        List<String> wrong = new ArrayList<>();
        int calls = 0;
        for (ServerProcess process : both()) {
            JsonNode paths = yaml.readTree(told(process)).path("paths");
            for (String path : (Iterable<String>) paths::fieldNames) {
                String concrete = path.replaceAll("\\{id}", "0").replaceAll("\\{\\w+}", "no-such");
                for (String method : METHODS) {
                    boolean documented = paths.path(path).has(method.toLowerCase(Locale.ROOT));
                    if (path.equals("/v1/finalize") && documented) {
                        continue;
                    }
                    String told = ask(process, method, concrete + NOT_VALID);
                    int status = Integer.parseInt(told.substring(0, 3));
                    boolean served = status != 405 && !told.contains("there is nothing at this address");
                    calls++;
                    if (status == 405 && !(told.startsWith("405 Allow: ") && told.contains("method_not_allowed"))) {
                        wrong.add(
                                method + " " + path + " of the " + service(process) + " is not refused well: " + told);
                    }
                    if (served != documented) {
                        wrong.add(method + " " + path + " of the " + service(process)
                                + (documented ? " is not served: " : " is not in the document: ") + told);
                    }
                    if (documented
                            && !paths.path(path)
                                    .path(method.toLowerCase(Locale.ROOT))
                                    .path("responses")
                                    .has(Integer.toString(status))) {
                        wrong.add(method + " " + path + " of the " + service(process) + " answers " + told);
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(calls).isGreaterThan(50);
    }

    @Test
    void theRowsAskForEveryDocumentedCall() throws IOException {
        assertThat(DocumentedCalls.missing("store", ApiRows.calls(ApiRows.STORE)))
                .isEmpty();
        assertThat(DocumentedCalls.missing("coordinator", ApiRows.calls(ApiRows.COORDINATOR)))
                .isEmpty();
    }

    @Test
    void theCoordinatorTakesNoParameterForAnother() throws IOException, InterruptedException {
        ServerProcess coordinator = cluster.coordinators().getFirst();
        for (String path : List.of(
                "/v1/events?limt=5",
                "/v1/events?limit=",
                "/v1/events?after=1&after=2",
                "/v1/events/stream?aftre=1",
                "/v1/gate?statefulset=store&ordinal=0&force=true")) {
            assertThat(ask(coordinator, "GET", path)).as(path).startsWith("400").contains("invalid_argument");
        }
        assertThat(ask(coordinator, "GET", "/v1/events?after=1&limit=5")).isEqualTo("200");
    }

    @Test
    void everyRowOnThreeStoresThroughTheLeader() {
        ApiRows.check("lead", ApiRows.STORE, api, api.leader("{lead}"));
    }

    @Test
    void everyRowOnThreeStoresThroughAnother() {
        ApiRows.check("other", ApiRows.STORE, api, api.follower("{other}"));
    }

    @Test
    void everyRowOfTheCoordinatorsThroughEachOfThem() {
        cluster.coordinators().forEach(each -> ApiRows.check("none", ApiRows.COORDINATOR, api, each));
    }

    @Test
    void everyRowOnOneStore() {
        try (LocalCluster alone = LocalCluster.start("documents-alone", new ClusterSize(1, 1, 3))) {
            Api one = new Api(alone);
            ApiRows.check("one", ApiRows.STORE, one, alone.stores().getFirst());
            ApiRows.check("none", ApiRows.COORDINATOR, one, alone.coordinators().getFirst());
        }
    }

    private List<ServerProcess> both() {
        return List.of(cluster.stores().getFirst(), cluster.coordinators().getFirst());
    }

    private static String service(ServerProcess process) {
        return process.isStore() ? "store" : "coordinator";
    }

    /** The document of a process, which it gives on its management port. */
    private String told(ServerProcess process) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + process.ports().management() + "/q/openapi"))
                        .build(),
                BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }

    /** The status, the methods that are allowed when they are told, and the beginning of the body of a refusal. */
    private String ask(ServerProcess process, String method, String path) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = http.send(
                HttpRequest.newBuilder(URI.create(process.ports().url() + path))
                        .method(method, method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString("x"))
                        .build(),
                BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            return response.statusCode()
                    + response.headers()
                            .firstValue("Allow")
                            .map(methods -> " Allow: " + methods)
                            .orElse("")
                    + (response.statusCode() < 400
                            ? ""
                            : " " + new String(body.readNBytes(500), StandardCharsets.UTF_8));
        }
    }
}
