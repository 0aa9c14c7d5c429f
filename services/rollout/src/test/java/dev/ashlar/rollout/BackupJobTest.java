package dev.ashlar.rollout;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.ashlar.common.backup.BackupHeader;
import dev.ashlar.common.backup.BackupItem;
import dev.ashlar.common.backup.BackupWriter;
import dev.ashlar.common.backup.ShardSection;

import static org.assertj.core.api.Assertions.assertThat;

class BackupJobTest {
    @TempDir
    Path directory;

    private HttpServer store;
    private byte[] backup = new byte[0];

    @BeforeEach
    void start() throws IOException {
        store = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        store.createContext("/v1/backup", exchange -> {
            boolean known = "Bearer admin".equals(exchange.getRequestHeaders().getFirst("Authorization"));
            exchange.sendResponseHeaders(known ? 200 : 401, 0);
            exchange.getResponseBody().write(known ? backup : "{}".getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        store.start();
        backup = backup();
    }

    @AfterEach
    void stop() {
        store.stop(0);
    }

    @Test
    void wholeBackupGetsItsNameAndOldOnesGo() throws IOException {
        for (String old : List.of("ashlar-2020.backup", "ashlar-2021.backup", "ashlar-2022.backup.part")) {
            Files.writeString(directory.resolve(old), "old");
        }
        assertThat(run("admin", "2")).isZero();
        assertThat(files()).hasSize(2).contains("ashlar-2021.backup").allMatch(name -> name.endsWith(".backup"));
    }

    @Test
    void backupThatBrokeOffGetsNoName() throws IOException {
        backup = Arrays.copyOf(backup, backup.length - 3);
        assertThat(run("admin", "7")).isEqualTo(3);
        assertThat(files()).noneMatch(name -> name.endsWith(".backup"));
    }

    @Test
    void withoutTheTokenThereIsNone() throws IOException {
        assertThat(run("", "7")).isEqualTo(3);
        assertThat(files()).noneMatch(name -> name.endsWith(".backup"));
    }

    @Test
    void authorityThatCannotBeReadIsTold() {
        assertThat(BackupJob.run(directory, Map.of("ASHLAR_CA_FILE", "/does/not/exist")))
                .isEqualTo(3);
    }

    private int run(String token, String keep) {
        return BackupJob.run(
                directory,
                Map.of(
                        "ASHLAR_STORE_URL",
                        "http://127.0.0.1:" + store.getAddress().getPort(),
                        "ASHLAR_TOKEN",
                        token,
                        "ASHLAR_KEEP",
                        keep));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    static byte[] backup(BackupItem... items) throws IOException {
        return backup(1, items);
    }

    static byte[] backup(long createdMs, BackupItem... items) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BackupWriter writer =
                new BackupWriter(out, new BackupHeader("11111111-2222-3333-4444-555555555555", createdMs, "0", 1));
        var unused = writer.shard(to -> {
            ShardSection section = ShardSection.begin(to, 0, items.length);
            for (BackupItem item : items) {
                section.add(item);
            }
            return section.end();
        });
        var alsoUnused = writer.finish();
        return out.toByteArray();
    }
}
