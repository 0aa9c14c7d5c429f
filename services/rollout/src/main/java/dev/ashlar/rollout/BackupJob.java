package dev.ashlar.rollout;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.ashlar.common.backup.BackupReader;

/**
 * The command of the backup CronJob: {@code backup DIRECTORY}.
 *
 * <ol>
 *   <li>Stream {@code GET /v1/backup} of a store into a file whose name ends in {@code .part}.
 *   <li>Read that file to its end: only a whole backup gets its name, {@code ashlar-TIME.backup}.
 *   <li>Delete all but the {@code ASHLAR_KEEP} newest, and what earlier runs left unfinished.
 * </ol>
 *
 * <p>{@code ASHLAR_STORE_URL} is where a store answers, {@code ASHLAR_TOKEN} a token with the role admin, {@code ASHLAR_CA_FILE} the
 * authority that is believed for https.
 *
 * <p>Exit codes: 0 done, 2 wrong arguments, 3 no backup.
 */
final class BackupJob {
    private static final int EXIT_NO = 3;
    private static final int BUFFER_BYTES = 1 << 20;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private BackupJob() {}

    static int run(Path directory, Map<String, String> environment) {
        String url = environment.getOrDefault("ASHLAR_STORE_URL", "http://store:8080") + "/v1/backup";
        String token = environment.getOrDefault("ASHLAR_TOKEN", "").strip();
        int keep = Integer.parseInt(environment.getOrDefault("ASHLAR_KEEP", "7"));
        try {
            String time =
                    Instant.now().truncatedTo(ChronoUnit.SECONDS).toString().replace(":", "");
            Path file = directory.resolve("ashlar-" + time + ".backup");
            long bytes = download(url, token, environment.getOrDefault("ASHLAR_CA_FILE", ""), file);
            List<Path> old = tidy(directory, keep);
            System.out.println("backup: " + file + ", " + bytes + " bytes, " + old.size() + " older ones deleted");
            return 0;
        } catch (IOException | ApiFailure e) {
            System.out.println("backup: no backup was made: " + (e.getMessage() == null ? e : e.getMessage()));
            return EXIT_NO;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return EXIT_NO;
        }
    }

    private static long download(String url, String token, String authority, Path file)
            throws IOException, ApiFailure, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try (HttpClient http = Services.client(CONNECT_TIMEOUT, authority)) {
            HttpResponse<Path> response = http.send(
                    request.build(),
                    info -> info.statusCode() == 200
                            ? HttpResponse.BodySubscribers.ofFile(part)
                            : HttpResponse.BodySubscribers.replacing(part));
            if (response.statusCode() != 200) {
                throw new IOException(url + " answered " + response.statusCode() + advice(response.statusCode()));
            }
        }
        readToTheEnd(part);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        return Files.size(file);
    }

    private static String advice(int status) {
        return switch (status) {
            case 401 -> ": it wants a token: set ASHLAR_TOKEN";
            case 403 -> ": the token of ASHLAR_TOKEN must have the role admin";
            case 429 -> ": two backups run already";
            default -> "";
        };
    }

    /** Fails unless the file is a whole backup. */
    static void readToTheEnd(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES)) {
            BackupReader reader = new BackupReader(in);
            while (!reader.next().isEmpty()) {
                // Each frame is checked as it is read.
            }
        }
    }

    /** Deletes what is too old; names sort by time. */
    static List<Path> tidy(Path directory, int keep) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.filter(path -> path.getFileName().toString().startsWith("ashlar-"))
                    .sorted(Comparator.reverseOrder())
                    .toList();
        }
        List<Path> whole = files.stream()
                .filter(path -> path.toString().endsWith(".backup"))
                .toList();
        List<Path> old = Stream.concat(
                        whole.stream().skip(Math.max(1, keep)),
                        files.stream().filter(path -> path.toString().endsWith(".part")))
                .toList();
        for (Path path : old) {
            Files.delete(path);
        }
        return old;
    }
}
