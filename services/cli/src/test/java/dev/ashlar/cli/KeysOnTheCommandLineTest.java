package dev.ashlar.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class KeysOnTheCommandLineTest {
    private static final String WRITTEN = "{\"key\":\"a\",\"revision\":7,\"shard\":3}";

    private final FakeStore store = new FakeStore();

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void putSendsTheValueWithAnIdempotencyKeyAndTellsTheRevision() {
        store.answers(201, WRITTEN);
        Ran ran = Ran.ashlar(
                "put", "a b/ü{t}", "world", "-e", store.url(), "--ttl", "30s", "--content-type", "text/plain");

        assertThat(ran.exit()).isZero();
        assertThat(ran.out()).isEqualTo("a b/ü{t} created, revision 7, shard 3\n");
        FakeStore.Asked asked = store.asked.getFirst();
        assertThat(asked.method()).isEqualTo("PUT");
        assertThat(asked.uri()).isEqualTo("/v1/kv/a%20b/%C3%BC%7Bt%7D?ttl=30000ms");
        assertThat(asked.body()).isEqualTo("world");
        assertThat(asked.header("Content-type")).isEqualTo("text/plain");
        assertThat(asked.header("Idempotency-key")).hasSize(36);
    }

    @Test
    void putReadsStandardInputFilesAndTextThatStartsWithAnAt(@TempDir Path dir) throws Exception {
        Path file = Files.writeString(dir.resolve("v"), "from file");
        store.answers(200, WRITTEN);
        Ran.ashlar(Map.of(), "from stdin", "put", "a", "-", "-e", store.url());
        Ran.ashlar(Map.of(), "piped", "put", "a", "-e", store.url());
        Ran.ashlar("put", "a", "@" + file, "-e", store.url());
        Ran.ashlar("put", "a", "@@home", "-e", store.url());

        assertThat(store.asked)
                .extracting(FakeStore.Asked::body)
                .containsExactly("from stdin", "piped", "from file", "@home");
    }

    @Test
    void conditionsBecomeHeaders() {
        store.answers(200, WRITTEN);
        Ran.ashlar("put", "a", "1", "--if-absent", "-e", store.url());
        Ran.ashlar("put", "a", "1", "--if-revision", "6", "--idempotency-key", "job-1", "-e", store.url());
        Ran.ashlar("del", "a", "--if-revision", "6", "-e", store.url());

        assertThat(store.asked.get(0).header("If-none-match")).isEqualTo("*");
        assertThat(store.asked.get(1).header("If-match")).isEqualTo("\"6\"");
        assertThat(store.asked.get(1).header("Idempotency-key")).isEqualTo("job-1");
        assertThat(store.asked.get(2).method()).isEqualTo("DELETE");
        assertThat(store.asked.get(2).header("If-match")).isEqualTo("\"6\"");
    }

    @Test
    void getPrintsTheBytesAsTheyAre() {
        store.answers(200, "two\nlines", "ETag", "\"12\"", "Content-Type", "text/plain");
        assertThat(Ran.ashlar("get", "a", "-e", store.url()).out()).isEqualTo("two\nlines");
        assertThat(Ran.ashlar("get", "a", "-o", "json", "-e", store.url()).out())
                .isEqualTo(
                        "{\"key\":\"a\",\"value\":\"dHdvCmxpbmVz\",\"revision\":12,\"content_type\":\"text/plain\"}\n");
    }

    @Test
    void staleReadsSaySo() {
        store.answers(200, "x");
        Ran.ashlar("get", "a", "--stale", "-e", store.url());
        Ran.ashlar("get", "a", "--max-staleness", "5s", "-e", store.url());

        assertThat(store.asked)
                .extracting(FakeStore.Asked::uri)
                .containsExactly("/v1/kv/a?consistency=stale", "/v1/kv/a?consistency=stale&max_staleness=5000ms");
    }

    @Test
    void listFollowsTheCursorUpToTheLimit() {
        store.answers(200, "{\"items\":[{\"key\":\"a\",\"value\":\"MQ==\",\"revision\":1}],\"cursor\":\"c1\"}")
                .answers(200, "{\"items\":[{\"key\":\"b\",\"value\":\"MTI=\",\"revision\":2}],\"cursor\":\"c2\"}");
        Ran ran = Ran.ashlar("ls", "p/", "--limit", "2", "--reverse", "-e", store.url());

        assertThat(ran.out())
                .isEqualTo("KEY  REVISION  BYTES  VALUE\na    1         1      1\nb    2         2      12\n");
        assertThat(store.asked)
                .extracting(FakeStore.Asked::uri)
                .containsExactly(
                        "/v1/kv?prefix=p%2F&reverse=true&limit=2", "/v1/kv?prefix=p%2F&reverse=true&limit=1&cursor=c1");
    }

    @Test
    void listOfKeysAndOfJsonHasOneItemPerLine() {
        String page = "{\"items\":[{\"key\":\"a\",\"revision\":1},{\"key\":\"b\",\"revision\":2}],\"cursor\":null}";
        store.answers(200, page);
        assertThat(Ran.ashlar("ls", "--keys-only", "-e", store.url()).out()).isEqualTo("a\nb\n");
        assertThat(Ran.ashlar("ls", "-o", "json", "-e", store.url()).out())
                .isEqualTo("{\"key\":\"a\",\"revision\":1}\n{\"key\":\"b\",\"revision\":2}\n");
    }

    @Test
    void aKeyWithControlCharactersCannotPaintOnTheTerminal() {
        store.answers(200, "{\"items\":[{\"key\":\"a\\u001b[2J\",\"value\":\"/w==\",\"revision\":1}]}");
        assertThat(Ran.ashlar("ls", "-e", store.url()).out())
                .contains("a\\u001b[2J")
                .contains("(binary)");
    }
}
