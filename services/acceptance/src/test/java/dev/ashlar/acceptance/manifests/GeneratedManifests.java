package dev.ashlar.acceptance.manifests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;

/**
 * What quarkus-kubernetes wrote for one service, in a form that two builds of one commit share.
 *
 * <ol>
 *   <li>Read every document of {@code target/kubernetes/kubernetes.yml}.
 *   <li>Remove what a build stamps on it: annotations of {@code app.quarkus.io}, creation timestamps.
 *   <li>Cut images down to {@code group/name}: registry and tag belong to the overlays.
 *   <li>Sort lists of named things (ports, variables) by name: their order changes from build to build.
 *   <li>Write it with sorted keys, one file for each kind.
 * </ol>
 */
final class GeneratedManifests {

    private static final TypeReference<TreeMap<String, Object>> SORTED = new TypeReference<>() {};

    private final ObjectMapper yaml = new ObjectMapper(YAMLFactory.builder()
                    .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                    .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                    .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .disable(YAMLGenerator.Feature.SPLIT_LINES)
                    .build())
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    /** File name (such as {@code statefulset.yaml}) to text, for the service whose build directory is given. */
    Map<String, String> read(Path target) {
        Map<String, String> files = new TreeMap<>();
        try (MappingIterator<ObjectNode> documents = yaml.readerFor(ObjectNode.class)
                .readValues(target.resolve("kubernetes/kubernetes.yml").toFile())) {
            while (documents.hasNext()) {
                ObjectNode document = documents.next();
                unstamp(document);
                String kind = document.get("kind").asText().toLowerCase(Locale.ROOT);
                files.put(kind + ".yaml", yaml.writeValueAsString(yaml.convertValue(document, SORTED)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("no generated manifests below " + target + ": build the services first", e);
        }
        return files;
    }

    private static void unstamp(ObjectNode node) {
        if (node.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove("creationTimestamp");
            if (metadata.get("annotations") instanceof ObjectNode annotations) {
                annotations.remove(annotations.properties().stream()
                        .map(Map.Entry::getKey)
                        .filter(key -> key.startsWith("app.quarkus.io/"))
                        .toList());
                if (annotations.isEmpty()) {
                    metadata.remove("annotations");
                }
            }
        }
        if (node.get("image") != null) {
            node.put("image", groupAndName(node.get("image").asText()));
        }
        node.forEach(child -> {
            if (child instanceof ObjectNode object) {
                unstamp(object);
            } else if (child instanceof ArrayNode array) {
                unstamp(array);
            }
        });
    }

    private static void unstamp(ArrayNode array) {
        List<JsonNode> elements = new ArrayList<>();
        array.forEach(elements::add);
        elements.forEach(element -> {
            if (element instanceof ObjectNode object) {
                unstamp(object);
            }
        });
        if (elements.stream().allMatch(element -> element.hasNonNull("name"))) {
            elements.sort(Comparator.comparing(element -> element.get("name").asText()));
            array.removeAll().addAll(elements);
        }
    }

    /** {@code registry/group/name:tag} to {@code group/name}; a registry's port is not a tag. */
    private static String groupAndName(String image) {
        int name = image.lastIndexOf('/') + 1;
        int group = image.lastIndexOf('/', name - 2) + 1;
        return image.substring(group, name) + image.substring(name).replaceFirst("[:@].*", "");
    }
}
