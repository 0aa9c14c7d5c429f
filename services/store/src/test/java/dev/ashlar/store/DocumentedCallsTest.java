package dev.ashlar.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

import static org.assertj.core.api.Assertions.assertThat;

/** Every command of docs/api.md, top to bottom in one shell, answers with the status that stands below it. On demand. */
@QuarkusTest
@EnabledIfSystemProperty(named = "documented.calls", matches = "true")
@QuarkusTestResource(OneStoreCluster.class)
class DocumentedCallsTest extends Contract {
    private static final Pattern BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
    private static final Pattern EXPECTED = Pattern.compile("^# (\\d{3})$", Pattern.MULTILINE);
    private static final Pattern STATUS = Pattern.compile("^STATUS (\\d{3})$", Pattern.MULTILINE);

    @Test
    void theCallsAnswerAsThePageSays() throws Exception {
        for (String prefix : List.of("app/", "session/", "orders/", "b/", "{acc}", "{job-7}")) {
            send("DELETE", "/v1/kv?prefix=" + prefix.replace("{", "%7B").replace("}", "%7D"), null);
        }
        StringBuilder script = new StringBuilder(
                "curl() { command curl -sS --max-time 60 -w '%{stderr}STATUS %{http_code}\\n' \"$@\" || true; }\n");
        List<String> expected = new ArrayList<>();
        for (Matcher block = BLOCK.matcher(Files.readString(Path.of("../../docs/api.md"))); block.find(); ) {
            script.append(block.group(1)).append('\n');
            for (Matcher status = EXPECTED.matcher(block.group(1)); status.find(); ) {
                expected.add(status.group(1));
            }
        }
        Path file = Files.createTempFile("documented", ".sh");
        Path told = Files.createTempFile("documented", ".txt");
        try {
            Files.writeString(file, script.toString().replace("localhost:8080", base.getHost() + ":" + base.getPort()));
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
}
