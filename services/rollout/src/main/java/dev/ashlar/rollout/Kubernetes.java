package dev.ashlar.rollout;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The few calls to the API server, with the pod's own service account. Blocks. */
final class Kubernetes {
    private static final Path ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http;
    private final String base;
    private final String namespace;
    private final String token;

    private Kubernetes(HttpClient http, String base, String namespace, String token) {
        this.http = http;
        this.base = base;
        this.namespace = namespace;
        this.token = token;
    }

    static Kubernetes inCluster(Map<String, String> environment) throws ApiFailure {
        String host = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "");
        if (host.isEmpty()) {
            throw new ApiFailure("not in a cluster: KUBERNETES_SERVICE_HOST is not set");
        }
        try {
            HttpClient http = HttpClient.newBuilder()
                    .connectTimeout(TIMEOUT)
                    .sslContext(trusting(ACCOUNT.resolve("ca.crt")))
                    .build();
            return new Kubernetes(
                    http,
                    "https://" + (host.contains(":") ? "[" + host + "]" : host) + ":"
                            + environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443"),
                    Files.readString(ACCOUNT.resolve("namespace")).strip(),
                    Files.readString(ACCOUNT.resolve("token")).strip());
        } catch (IOException | GeneralSecurityException e) {
            throw new ApiFailure("the service account of the pod cannot be used: " + e);
        }
    }

    static SSLContext trusting(Path certificates) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(certificates)) {
            int number = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                trusted.setCertificateEntry("ca-" + number++, certificate);
            }
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    Optional<JsonNode> statefulSet(String name) throws ApiFailure {
        return get("/apis/apps/v1/namespaces/" + namespace + "/statefulsets/" + name);
    }

    Optional<JsonNode> podTemplate(String name) throws ApiFailure {
        return get("/api/v1/namespaces/" + namespace + "/podtemplates/" + name);
    }

    List<Pod> pods(String set) throws ApiFailure {
        return Pod.of(set, podList(set));
    }

    JsonNode podList(String set) throws ApiFailure {
        return get("/api/v1/namespaces/" + namespace + "/pods?labelSelector=app.kubernetes.io%2Fname%3D" + set
                        + ",app.kubernetes.io%2Fpart-of%3Dashlar")
                .orElseThrow(() -> new ApiFailure("there are no pods to list"));
    }

    /** Writes annotations of a Job. */
    void annotateJob(String job, Map<String, String> annotations) throws ApiFailure {
        annotate("/apis/batch/v1/namespaces/" + namespace + "/jobs/" + job, annotations);
    }

    /** Writes annotations of a StatefulSet. */
    void annotateStatefulSet(String set, Map<String, String> annotations) throws ApiFailure {
        annotate("/apis/apps/v1/namespaces/" + namespace + "/statefulsets/" + set, annotations);
    }

    private void annotate(String path, Map<String, String> annotations) throws ApiFailure {
        ObjectNode patch = JSON.createObjectNode();
        ObjectNode target = patch.putObject("metadata").putObject("annotations");
        annotations.forEach(target::put);
        send(request(path)
                .header("Content-Type", "application/merge-patch+json")
                .method("PATCH", HttpRequest.BodyPublishers.ofString(patch.toString())));
    }

    private Optional<JsonNode> get(String path) throws ApiFailure {
        return send(request(path).GET());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + token)
                .header("Accept", "application/json");
    }

    private Optional<JsonNode> send(HttpRequest.Builder request) throws ApiFailure {
        HttpRequest built = request.build();
        try {
            HttpResponse<String> response = http.send(built, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() == 404) {
                return Optional.empty();
            }
            if (response.statusCode() != 200) {
                throw new ApiFailure("the API server answered " + response.statusCode() + " to "
                        + built.uri().getPath() + ": " + response.body());
            }
            return Optional.of(JSON.readTree(response.body()));
        } catch (IOException e) {
            throw new ApiFailure("the API server does not answer: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiFailure("interrupted");
        }
    }
}
