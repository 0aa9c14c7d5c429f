package dev.ashlar.rollout;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.ashlar.common.Limits;
import dev.ashlar.common.backup.BackupItem;
import dev.ashlar.common.backup.BackupReader;

/**
 * The command of the Job that fills a new cluster: {@code restore PATH}, a backup or a folder whose newest {@code *.backup} is meant,
 * by the time in its header.
 *
 * <ol>
 *   <li>Read the whole file: one that was interrupted or changed is refused before anything is sent.
 *   <li>Wait until the cluster answers. The key {@value #MARK} says how far a restore has come. {@code done}: nothing is left to
 *       do, whatever the clients have written or deleted since. {@code begun} with the same file: go on. Neither: the cluster must
 *       hold no key, and {@code begun} is written.
 *   <li>Create every key; one that is there must be equal, because an earlier try of this Job put it there. Nothing is ever
 *       overwritten.
 *   <li>Write {@code done}.
 * </ol>
 *
 * <p>So the Job may end anywhere and start again, and a Job object that was deleted and comes back does no harm. Variables as in
 * {@link BackupJob}, and {@code ASHLAR_WAIT_S}, how long to try while nobody answers.
 *
 * <p>Exit codes: 0 done, 3 refused, 1 try again.
 */
final class RestoreJob {
    /** Not restored itself: it speaks of the cluster that it stands in. */
    static final String MARK = "ashlar/restored";

    private static final int EXIT_AGAIN = 1;
    private static final int EXIT_NO = 3;
    private static final int BUFFER_BYTES = 1 << 20;
    private static final int WHOLE = 200;
    private static final int CREATED = 201;
    private static final int THERE = 412;
    private static final int NOT_FOUND = 404;
    private static final int TOO_MANY = 429;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What no further try can change. */
    private static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;

        RefusedException(String why) {
            super(why);
        }
    }

    private final HttpClient http;
    private final String store;
    private final String token;
    private final long endNanos;

    private RestoreJob(HttpClient http, Map<String, String> environment) {
        this.http = http;
        this.store = environment.getOrDefault("ASHLAR_STORE_URL", "http://store:8080");
        this.token = environment.getOrDefault("ASHLAR_TOKEN", "").strip();
        long waitS = Long.parseLong(environment.getOrDefault("ASHLAR_WAIT_S", "300"));
        this.endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(waitS);
    }

    static int run(Path path, Map<String, String> environment) {
        Path file = path;
        try (HttpClient http = Services.client(TIMEOUT, environment.getOrDefault("ASHLAR_CA_FILE", ""))) {
            file = newest(path);
            BackupJob.readToTheEnd(file);
            new RestoreJob(http, environment).restore(file);
            return 0;
        } catch (RefusedException | ApiFailure e) {
            System.out.println("restore: refused: " + e.getMessage());
            return EXIT_NO;
        } catch (IOException e) {
            System.out.println("restore: " + file + ": " + (e.getMessage() == null ? e : e.getMessage()));
            return EXIT_AGAIN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return EXIT_AGAIN;
        }
    }

    private static Path newest(Path path) throws IOException, RefusedException {
        if (!Files.isDirectory(path)) {
            return path;
        }
        Map<Path, Long> created = new TreeMap<>();
        try (Stream<Path> files = Files.list(path)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".backup")).toList()) {
                created.put(file, createdMs(file));
            }
        }
        return created.entrySet().stream()
                .max(Map.Entry.<Path, Long>comparingByValue().thenComparing(Map.Entry::getKey))
                .orElseThrow(() -> new RefusedException("there is no *.backup in " + path))
                .getKey();
    }

    /** When a backup was begun, by its header: a file that was copied here, or recovered from a disk, may have any name. */
    private static long createdMs(Path file) throws RefusedException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return new BackupReader(in).header().createdMs();
        } catch (IOException unreadable) {
            throw new RefusedException("which backup is the newest cannot be told: " + file + ": "
                    + unreadable.getMessage() + ". Move it away, or name the file that is meant");
        }
    }

    private void restore(Path file) throws IOException, InterruptedException, RefusedException {
        String begun = "begun " + file.getFileName();
        HttpResponse<byte[]> mark = send("GET", key(MARK), Map.of(), new byte[0]);
        String state = mark.statusCode() == WHOLE ? text(mark) : "";
        if (state.startsWith("done")) {
            System.out.println("restore: this cluster was restored already (" + state + "), nothing was changed");
            return;
        }
        if (!state.isEmpty() && !state.equals(begun)) {
            throw new RefusedException("another restore was begun: " + state);
        }
        if (state.isEmpty()) {
            refuseData();
            create(MARK, begun.getBytes(StandardCharsets.UTF_8), "text/plain", 0);
        }
        long keys = 0;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES)) {
            BackupReader reader = new BackupReader(in);
            for (List<BackupItem> items = reader.next(); !items.isEmpty(); items = reader.next()) {
                for (BackupItem item : items) {
                    if (!item.key().equals(MARK)) {
                        create(item.key(), item.value(), item.contentType(), item.ttlMs());
                        keys++;
                    }
                }
            }
        }
        String done = "done " + file.getFileName() + ", " + keys + " keys";
        HttpResponse<byte[]> written =
                send("PUT", key(MARK), Map.of("Content-Type", "text/plain"), done.getBytes(StandardCharsets.UTF_8));
        if (written.statusCode() != WHOLE && written.statusCode() != CREATED) {
            throw new RefusedException("the key " + MARK + " was answered " + written.statusCode());
        }
        System.out.println("restore: " + done);
    }

    private void refuseData() throws IOException, InterruptedException, RefusedException {
        HttpResponse<byte[]> response = send("GET", "/v1/kv?limit=1&keys_only=true", Map.of(), new byte[0]);
        if (response.statusCode() != WHOLE) {
            throw new RefusedException("a list of keys was answered " + response.statusCode() + " " + text(response));
        }
        JsonNode items = JSON.readTree(response.body()).path("items");
        if (!items.isEmpty()) {
            throw new RefusedException("the cluster holds keys ("
                    + items.path(0).path("key").asText() + ", for one); a backup is restored into an empty one alone");
        }
    }

    private void create(String name, byte[] value, String contentType, long ttlMs)
            throws IOException, InterruptedException, RefusedException {
        String ttl = ttlMs == 0 ? "" : "?ttl=" + Math.max(ttlMs, Limits.TTL_MS_MIN) + "ms";
        HttpResponse<byte[]> response =
                send("PUT", key(name) + ttl, Map.of("If-None-Match", "*", "Content-Type", contentType), value);
        if (response.statusCode() == THERE) {
            HttpResponse<byte[]> there = send("GET", key(name), Map.of(), new byte[0]);
            if (there.statusCode() == NOT_FOUND && ttlMs > 0) {
                return; // An earlier try had put it, and its time is over.
            }
            if (there.statusCode() != WHOLE || !Arrays.equals(there.body(), value)) {
                throw new RefusedException("the key " + name + " is there already with another value");
            }
        } else if (response.statusCode() != CREATED && response.statusCode() != WHOLE) {
            throw new RefusedException(
                    "the key " + name + " was answered " + response.statusCode() + " " + text(response));
        }
    }

    /** Sends it again while nobody can answer: every request of this Job may be sent twice. */
    private HttpResponse<byte[]> send(String method, String path, Map<String, String> headers, byte[] body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(store + path))
                .timeout(TIMEOUT)
                .method(
                        method,
                        body.length == 0 && method.equals("GET")
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        while (true) {
            try {
                HttpResponse<byte[]> response = http.send(request.build(), BodyHandlers.ofByteArray());
                if (response.statusCode() < 500 && response.statusCode() != TOO_MANY || isOver()) {
                    return response;
                }
            } catch (IOException nobody) {
                if (isOver()) {
                    throw new IOException(store + " does not answer: " + nobody, nobody);
                }
            }
            TimeUnit.SECONDS.sleep(1);
        }
    }

    private boolean isOver() {
        return System.nanoTime() - endNanos >= 0;
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8).strip();
    }

    /** The path of a key: every byte of UTF-8 that is not unreserved (RFC 3986) is encoded, all but the slash. */
    static String key(String key) {
        StringBuilder path = new StringBuilder("/v1/kv/");
        for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
            if (b > 0 && (Character.isLetterOrDigit(b) || "-._~/".indexOf(b) >= 0)) {
                path.append((char) b);
            } else {
                path.append('%').append(String.format("%02x", b & 0xff).toUpperCase(Locale.ROOT));
            }
        }
        return path.toString();
    }
}
