package dev.ashlar.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import jakarta.inject.Inject;
import jakarta.ws.rs.HttpMethod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import org.junit.jupiter.api.Test;

import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.store.http.AccessRoute;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every route of the store stands in the rules of the gate. One that does not is served to administrators alone, which is
 * safe but hardly meant: whoever adds a route decides here what it needs. And every one that clients call stands in the
 * OpenAPI document; that the document and the processes agree is seen in the acceptance tests.
 */
@QuarkusTest
@QuarkusTestResource(OneStoreCluster.class)
class RoutesHaveRulesTest {
    /** What the framework serves, and the routes for every path. */
    private static final List<String> OF_THE_FRAMEWORK = List.of("/q/", "/*");

    @Inject
    Router router;

    @Test
    void everyRouteOfTheServerHasARule() {
        List<String> missing = paths().stream()
                .filter(path -> !hasRule(path.replaceAll(":(\\w+)", "x"), Optional.empty()))
                .toList();
        assertThat(missing).as("routes without a rule in AccessRoute").isEmpty();
        assertThat(router.getRoutes()).as("the routes were found").anyMatch(route -> "/v1/kv".equals(route.getPath()));
    }

    @Test
    void everyResourceHasARule() {
        var missing = new TreeSet<String>();
        var seen = new TreeSet<String>();
        for (var type : new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.ashlar.store")) {
            if (!type.isAnnotatedWith(jakarta.ws.rs.Path.class)) {
                continue;
            }
            String base = type.getAnnotationOfType(jakarta.ws.rs.Path.class).value();
            for (JavaMethod method : type.getMethods()) {
                Optional<String> verb = verb(method);
                if (verb.isPresent()) {
                    String path = method.isAnnotatedWith(jakarta.ws.rs.Path.class)
                            ? join(
                                    base,
                                    method.getAnnotationOfType(jakarta.ws.rs.Path.class)
                                            .value())
                            : base;
                    seen.add(path);
                    if (!hasRule(path.replaceAll("\\{[^}]*}", "x"), verb)) {
                        missing.add(verb.get() + " " + path);
                    }
                }
            }
        }
        assertThat(missing).as("resources without a rule in AccessRoute").isEmpty();
        assertThat(seen).as("the resources were found").contains("/v1/cluster");
    }

    @Test
    void everyRouteStandsInTheDocument() throws IOException {
        JsonNode document = document();
        Set<String> documented = new TreeSet<>();
        document.path("paths").fieldNames().forEachRemaining(documented::add);
        Set<String> served = new TreeSet<>(paths());
        AccessRoute.RULES.rows().forEach(row -> served.add(row.template()));
        served.removeIf(path -> path.startsWith("/internal/"));
        assertThat(documented).containsExactlyInAnyOrderElementsOf(served);
    }

    @Test
    void everyCodeStandsInTheDocument() throws IOException {
        JsonNode components = document().path("components");
        List<String> codes = new ArrayList<>();
        components
                .path("schemas")
                .path("Problem")
                .path("properties")
                .path("code")
                .path("enum")
                .forEach(code -> codes.add(code.asText()));
        assertThat(codes)
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(ErrorCode.values()).map(ErrorCode::code).toList());
        List<String> wrong = new ArrayList<>();
        document()
                .path("paths")
                .forEach(path ->
                        path.forEach(call -> call.path("responses").properties().forEach(response -> {
                            String reference = response.getValue().path("$ref").asText();
                            String described = components
                                    .path("responses")
                                    .path(reference.substring(reference.lastIndexOf('/') + 1))
                                    .path("description")
                                    .asText();
                            int status = Integer.parseInt(response.getKey());
                            for (ErrorCode code : ErrorCode.values()) {
                                if (!described.isEmpty()
                                        && status >= 400
                                        && described.matches(".*\\b" + code.code() + "\\b.*")
                                                != (code.status() == status)) {
                                    wrong.add(reference + " for " + status + " and " + code.code());
                                }
                            }
                        })));
        assertThat(wrong).isEmpty();
    }

    private static JsonNode document() throws IOException {
        return new YAMLMapper()
                .readTree(Path.of("src/main/resources/META-INF/openapi.yaml").toFile());
    }

    /** The paths of all routes but those of the framework. */
    private List<String> paths() {
        return router.getRoutes().stream()
                .map(Route::getPath)
                .filter(path -> path != null && OF_THE_FRAMEWORK.stream().noneMatch(path::startsWith))
                // The resources of the framework, whose paths the other test looks at.
                .filter(path -> !path.equals("/"))
                .toList();
    }

    private static boolean hasRule(String path, Optional<String> method) {
        return AccessRoute.RULES.rows().stream()
                .anyMatch(row ->
                        row.covers(path) && method.map(row.methods()::contains).orElse(true));
    }

    private static Optional<String> verb(JavaMethod method) {
        return Arrays.stream(method.reflect().getAnnotations())
                .map(annotation -> annotation.annotationType().getAnnotation(HttpMethod.class))
                .filter(java.util.Objects::nonNull)
                .map(HttpMethod::value)
                .findFirst();
    }

    private static String join(String base, String path) {
        return base.replaceFirst("/$", "") + (path.startsWith("/") ? path : "/" + path);
    }
}
