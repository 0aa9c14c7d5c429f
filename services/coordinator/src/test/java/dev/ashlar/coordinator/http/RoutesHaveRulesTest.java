package dev.ashlar.coordinator.http;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;

import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every resource of the coordinator stands in the rules of the gate. One that does not is served to administrators alone,
 * which is safe but hardly meant: whoever adds a route decides here what it needs.
 */
class RoutesHaveRulesTest {
    @Test
    void everyResourceHasARule() {
        var missing = new TreeSet<String>();
        var seen = new TreeSet<String>();
        for (var type : new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.ashlar.coordinator")) {
            if (!type.isAnnotatedWith(Path.class)) {
                continue;
            }
            String base = type.getAnnotationOfType(Path.class).value();
            for (JavaMethod method : type.getMethods()) {
                Optional<String> verb = verb(method);
                if (verb.isPresent()) {
                    String path = method.isAnnotatedWith(Path.class)
                            ? join(base, method.getAnnotationOfType(Path.class).value())
                            : base;
                    seen.add(path);
                    if (!hasRule(path.replaceAll("\\{[^}]*}", "x"), verb.get())) {
                        missing.add(verb.get() + " " + path);
                    }
                }
            }
        }
        assertThat(missing).as("resources without a rule in AccessRoute").isEmpty();
        assertThat(seen).as("the resources were found").contains("/v1/cluster", "/internal/v1/bootstrap");
    }

    private static boolean hasRule(String path, String method) {
        return AccessRoute.RULES.rows().stream()
                .anyMatch(row -> row.covers(path) && row.methods().contains(method));
    }

    private static Optional<String> verb(JavaMethod method) {
        return Arrays.stream(method.reflect().getAnnotations())
                .map(annotation -> annotation.annotationType().getAnnotation(HttpMethod.class))
                .filter(Objects::nonNull)
                .map(HttpMethod::value)
                .findFirst();
    }

    private static String join(String base, String path) {
        return base.replaceFirst("/$", "") + (path.startsWith("/") ? path : "/" + path);
    }
}
