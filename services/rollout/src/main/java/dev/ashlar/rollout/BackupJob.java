package dev.ashlar.rollout;

import java.io.IOException;
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

/**
 * The command of the backup CronJob: {@code backup DIRECTORY}.
 *
 * <ol>
 *   <li>Stream {@code GET /v1/backup} of a store into a file whose name ends in {@code .part}.
 *   <li>Only a stream that came to its end gets its name, {@code ashlar-TIME.backup}.
 *   <li>Delete all but the {@code ASHLAR_KEEP} newest, and what earlier runs left unfinished.
 * </ol>
 *
 * <p>Exit codes: 0 done, 2 wrong arguments, 3 no backup.
 */
final class BackupJob {
    private static final int EXIT_NO = 3;
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
            long bytes = download(url, token, file);
            List<Path> old = tidy(directory, keep);
            System.out.println("backup: " + file + ", " + bytes + " bytes, " + old.size() + " older ones deleted");
            return 0;
        } catch (IOException e) {
            System.out.println("backup: " + e.getMessage());
            return EXIT_NO;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return EXIT_NO;
        }
    }

    private static long download(String url, String token, Path file) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try (HttpClient http =
                HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build()) {
            HttpResponse<Path> response = http.send(
                    request.build(),
                    info -> info.statusCode() == 200
                            ? HttpResponse.BodySubscribers.ofFile(part)
                            : HttpResponse.BodySubscribers.replacing(part));
            if (response.statusCode() != 200) {
                throw new IOException(url + " answered " + response.statusCode());
            }
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        return Files.size(file);
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
