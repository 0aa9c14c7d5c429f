package dev.ashlar.store.scalein;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;

import dev.ashlar.access.HttpAnswer;

/**
 * The StatefulSet that this pod belongs to, as the API server tells.
 *
 * <ol>
 *   <li>The pod's name is the set's name and the ordinal; the namespace, the token and the certificate of the API server are
 *       what Kubernetes mounts into the pod. Without them this is no pod, and nothing is known.
 *   <li>The token is read for each question: it is renewed while the pod lives.
 * </ol>
 *
 * <p>Blocks; never on an event loop.
 */
final class OwnStatefulSet {
    private static final int TIMEOUT_MS = 5_000;
    private static final int HTTPS = 443;

    private final Vertx vertx;
    private final ObjectMapper json;
    private final Map<String, String> environment;
    private final Path account;

    /**
     * Asks nobody yet.
     *
     * @param environment of the process
     * @param account where the service account is mounted
     */
    OwnStatefulSet(Vertx vertx, ObjectMapper json, Map<String, String> environment, Path account) {
        this.vertx = vertx;
        this.json = json;
        this.environment = environment;
        this.account = account;
    }

    /**
     * How many replicas are wanted; empty outside Kubernetes.
     *
     * @param set the name of the StatefulSet
     * @throws IOException when the API server does not tell; the message says why
     */
    Optional<Integer> replicas(String set) throws IOException, InterruptedException {
        String host = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "");
        if (host.isEmpty() || !Files.isReadable(account.resolve("token"))) {
            return Optional.empty();
        }
        String namespace = Files.readString(account.resolve("namespace")).strip();
        String path = "/apis/apps/v1/namespaces/" + namespace + "/statefulsets/" + set;
        JsonNode replicas = json.readTree(get(host, path)).path("spec").path("replicas");
        if (!replicas.isInt()) {
            throw new IOException("the API server tells no spec.replicas of " + path);
        }
        return Optional.of(replicas.intValue());
    }

    private byte[] get(String host, String path) throws IOException, InterruptedException {
        Path authority = account.resolve("ca.crt");
        boolean tls = Files.isReadable(authority);
        HttpClientOptions options = new HttpClientOptions().setConnectTimeout(TIMEOUT_MS);
        if (tls) {
            options.setSsl(true).setTrustOptions(new PemTrustOptions().addCertPath(authority.toString()));
        }
        HttpClient client = vertx.createHttpClient(options);
        try {
            RequestOptions request = new RequestOptions()
                    .setMethod(HttpMethod.GET)
                    .setHost(host)
                    .setPort(port())
                    .setURI(path)
                    .setTimeout(TIMEOUT_MS)
                    .putHeader("Accept", "application/json")
                    .putHeader("Authorization", "Bearer " + token(tls));
            return HttpAnswer.of(client.request(request), Buffer.buffer())
                    .compose(answer -> answer.status() == 200
                            ? Future.succeededFuture(answer.body())
                            : Future.failedFuture("the API server answered " + answer.status() + " to GET " + path))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(2L * TIMEOUT_MS, TimeUnit.MILLISECONDS)
                    .getBytes();
        } catch (ExecutionException | TimeoutException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException("the API server at " + host + " was not asked: " + cause.getMessage(), e);
        } finally {
            var unused = client.close();
        }
    }

    /** The token goes over TLS only. */
    private String token(boolean tls) throws IOException {
        return tls ? Files.readString(account.resolve("token")).strip() : "";
    }

    private int port() throws IOException {
        String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", Integer.toString(HTTPS));
        try {
            return Integer.parseInt(port);
        } catch (NumberFormatException e) {
            throw new IOException("KUBERNETES_SERVICE_PORT is '" + port + "', which is no number", e);
        }
    }
}
