package dev.ashlar.acceptance.api;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

/** Which calls of docs/openapi somebody has left out. */
final class DocumentedCalls {
    private static final Path DOCUMENTS = Path.of("../../docs/openapi");
    /** What of a path is a call; the others are parameters and words. */
    private static final Set<String> METHODS =
            Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

    private DocumentedCalls() {}

    /**
     * The calls that are not among those asked.
     *
     * @param service whose document
     * @param asked each a method, a space, and a path with or without a query
     * @return in the same form, paths as in the document
     */
    static List<String> missing(String service, Collection<String> asked) throws IOException {
        JsonNode document =
                new YAMLMapper().readTree(DOCUMENTS.resolve(service + ".yaml").toFile());
        List<String> missing = new ArrayList<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().fieldNames().forEachRemaining(method -> {
                    String verb = method.toUpperCase(Locale.ROOT) + " ";
                    Pattern call = Pattern.compile(verb + path.getKey().replaceAll("\\{\\w+}", ".+") + "(\\?.*)?");
                    if (METHODS.contains(method)
                            && asked.stream()
                                    .noneMatch(each -> call.matcher(each).matches())) {
                        missing.add(verb + path.getKey());
                    }
                }));
        return missing;
    }
}
