package dev.ashlar.raft.state;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.rocksdb.RocksDB;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * RocksDB's C++ side looks Java classes up by name: in a native executable only what {@code jni-config.json} names is
 * found, and most of it only when something fails. So the file must name exactly the classes whose names stand in the
 * library: a line less is an error that waits, a line more has no reason.
 */
class JniMetadataTest {
    private static final String METADATA = "/META-INF/native-image/dev.ashlar/ashlar-raft/jni-config.json";
    private static final Pattern ENTRY = Pattern.compile("\\{([^}]*)}");
    private static final Pattern NAME = Pattern.compile("\"name\": \"([^\"]+)\"");

    /** A class as JNI writes it, standing alone between bytes that are no text: plain, or as an object in a signature. */
    private static final Pattern IN_LIBRARY =
            Pattern.compile("(?<![ -~])\\[?L?((?:org/rocksdb|java)/[A-Za-z/$_0-9]+);?(?![ -~])");

    @Test
    void namesExactlyTheClassesThatTheLibraryLooksUp() throws IOException {
        assertThat(namesInMetadata()).isEqualTo(namesInLibrary());
    }

    @Test
    void everyClassExistsAndKeepsItsMethods() throws Exception {
        for (String entry : entries()) {
            String name = nameOf(entry);
            Class.forName(name, false, getClass().getClassLoader());
            if (!name.equals("java.lang.String")) {
                assertThat(entry)
                        .as(name)
                        .contains("\"allDeclaredConstructors\": true")
                        .contains("\"allDeclaredMethods\": true");
            }
            if (name.startsWith("org.")) {
                assertThat(entry).as(name).contains("\"allDeclaredFields\": true");
            }
        }
    }

    @Test
    void theSearchFindsWhatFailuresNeed() throws IOException {
        assertThat(namesInLibrary())
                .contains("org.rocksdb.RocksDBException", "org.rocksdb.Status", "java.util.ArrayList")
                .hasSizeBetween(20, 200);
    }

    private static Set<String> namesInLibrary() throws IOException {
        Set<String> names = new TreeSet<>();
        try (InputStream library = RocksDB.class.getResourceAsStream("/librocksdbjni-linux64.so")) {
            assertThat(library)
                    .as("the library for Linux on x86-64 in RocksDB's jar")
                    .isNotNull();
            Matcher matcher = IN_LIBRARY.matcher(new String(library.readAllBytes(), StandardCharsets.ISO_8859_1));
            while (matcher.find()) {
                names.add(matcher.group(1).replace('/', '.'));
            }
        }
        return names;
    }

    private static Set<String> namesInMetadata() throws IOException {
        Set<String> names = new TreeSet<>();
        entries()
                .forEach(entry -> assertThat(names.add(nameOf(entry))).as(entry).isTrue());
        return names;
    }

    private static Set<String> entries() throws IOException {
        try (InputStream metadata = JniMetadataTest.class.getResourceAsStream(METADATA)) {
            Set<String> entries = new TreeSet<>();
            Matcher matcher = ENTRY.matcher(new String(metadata.readAllBytes(), StandardCharsets.UTF_8));
            while (matcher.find()) {
                entries.add(matcher.group(1));
            }
            return entries;
        }
    }

    private static String nameOf(String entry) {
        Matcher matcher = NAME.matcher(entry);
        assertThat(matcher.find()).as(entry).isTrue();
        return matcher.group(1);
    }
}
