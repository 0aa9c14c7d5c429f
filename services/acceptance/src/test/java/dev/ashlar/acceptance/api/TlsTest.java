package dev.ashlar.acceptance.api;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import dev.ashlar.acceptance.backup.AshlarCli;
import dev.ashlar.acceptance.cluster.ClusterSize;
import dev.ashlar.acceptance.cluster.LocalCluster;
import dev.ashlar.acceptance.cluster.ServerProcess;
import dev.ashlar.acceptance.cluster.Settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A cluster whose API and peers speak TLS, with certificates of the script that is shipped. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsTest {
    private static final int SOCKET_TIMEOUT_MS = 20_000;

    private Path directory;
    private Path strangers;
    private LocalCluster cluster;
    private HttpClient https;
    private ServerProcess store;

    @BeforeAll
    void start() throws Exception {
        directory = Files.createTempDirectory("tls");
        strangers = Files.createTempDirectory("strangers");
        makeCertificates(directory);
        makeCertificates(strangers);
        SSLContext trust = context(directory, Optional.empty());
        cluster = LocalCluster.start("tls", new ClusterSize(3, 2, 3), new Settings() {
            @Override
            public void apply(String name, Map<String, String> environment) {
                environment.put("ASHLAR_TLS_DIR", directory.toString());
                environment.compute("ASHLAR_COORDINATORS", (key, urls) -> String.valueOf(urls)
                        .replace("http://", "https://"));
            }

            @Override
            public Optional<SSLContext> trust() {
                return Optional.of(trust);
            }
        });
        https = client(trust);
        store = cluster.stores().getFirst();
    }

    @AfterAll
    void stop() throws IOException {
        if (cluster != null) {
            cluster.close();
        }
        for (Path made : List.of(directory, strangers)) {
            try (Stream<Path> files = Files.walk(made)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    @Test
    void theClusterServesOverTlsThroughEveryStore() throws Exception {
        for (ServerProcess any : cluster.stores()) {
            for (int i = 0; i < 6; i++) {
                String path = "/v1/kv/tls/" + any.name() + "/" + i;
                assertThat(send(https, any, "PUT", path).statusCode()).isEqualTo(201);
                assertThat(send(https, store, "GET", path).body()).isEqualTo("x");
            }
        }
    }

    @Test
    void theCommandLineBelievesTheAuthorityThatItIsGiven() {
        String url = store.ports().url().replaceFirst("^http:", "https:");
        Path authority = directory.resolve("ca.crt");
        AshlarCli.Ran put = AshlarCli.run(url, "--cacert", authority, "put", "tls/cli", "x");
        assertThat(put.exit()).as(put.output()).isZero();
        AshlarCli.Ran get = AshlarCli.run(url, "get", "tls/cli", "--cacert", authority);
        assertThat(get.output().strip()).isEqualTo("x");
        assertThat(AshlarCli.run(url, "get", "tls/cli").output())
                .contains("an authority that is not believed", "--cacert");
        assertThat(AshlarCli.run(store.ports().url(), "get", "tls/cli").output())
                .contains("https://");
        assertThat(AshlarCli.run(url, "get", "tls/cli", "--cacert", directory.resolve("none"))
                        .exit())
                .isEqualTo(2);
    }

    @Test
    void plainHttpAndStrangersAreNotServed() {
        HttpClient plain = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
        assertThatThrownBy(() -> plain.send(
                        HttpRequest.newBuilder(URI.create(store.ports().url() + "/v1/cluster"))
                                .timeout(Duration.ofSeconds(20))
                                .build(),
                        BodyHandlers.ofString()))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> send(client(context(strangers, Optional.empty())), store, "GET", "/v1/cluster"))
                .as("a client that does not know the authority")
                .isInstanceOf(IOException.class);
    }

    @Test
    void whatOnlyProcessesOfTheClusterCallNeedsTheirCertificate() throws Exception {
        ServerProcess coordinator = cluster.coordinators().getFirst();
        assertThat(send(https, coordinator, "GET", "/internal/v1/bootstrap").statusCode())
                .isEqualTo(403);
        assertThat(send(https, store, "GET", "/internal/v1/shards/0/scan").statusCode())
                .isEqualTo(403);
        HttpClient peer = client(context(directory, Optional.of(directory)));
        assertThat(send(peer, coordinator, "GET", "/internal/v1/bootstrap").statusCode())
                .isEqualTo(200);
        assertThatThrownBy(() -> send(
                        client(context(directory, Optional.of(strangers))),
                        coordinator,
                        "GET",
                        "/internal/v1/bootstrap"))
                .as("a certificate of another authority")
                .isInstanceOf(IOException.class);
    }

    @Test
    void thePeerPortClosesWhoeverShowsNoCertificateOfTheAuthority() throws Exception {
        for (ServerProcess any : cluster.processes()) {
            int port = any.ports().peer();
            assertThat(isAcceptedByPeerPort(port, context(directory, Optional.empty())))
                    .as("%s, no certificate", any.name())
                    .isFalse();
            assertThat(isAcceptedByPeerPort(port, context(directory, Optional.of(strangers))))
                    .as("%s, certificate of another authority", any.name())
                    .isFalse();
            // The control: with a certificate the connection stays open, silent, and waits for the handshake of peers.
            assertThat(isAcceptedByPeerPort(port, context(directory, Optional.of(directory))))
                    .as("%s, certificate of the authority", any.name())
                    .isTrue();
            try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), port)) {
                plain.setSoTimeout(SOCKET_TIMEOUT_MS);
                plain.getOutputStream()
                        .write("ASHLPEER".repeat(8).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                assertThat(endsWithoutTheMagic(plain))
                        .as("%s, plain", any.name())
                        .isTrue();
            }
        }
    }

    @Test
    void aRenewedCertificateIsShownWithoutARestart() throws Exception {
        BigInteger before = serial(store.ports().http(), context(directory, Optional.empty()));
        BigInteger peerBefore = serial(store.ports().peer(), context(directory, Optional.of(directory)));
        makeCertificates(directory);
        cluster.await(
                "the API to show the new certificate",
                () -> isRenewed(store.ports().http(), before));
        cluster.await(
                "the peer port to show the new certificate",
                () -> isRenewed(store.ports().peer(), peerBefore));
        // Connections that are made now use the new one on both sides.
        ServerProcess restarted = cluster.stores().getLast();
        restarted.kill();
        restarted.start();
        cluster.awaitReady(restarted);
        assertThat(send(https, restarted, "PUT", "/v1/kv/tls/renewed").statusCode())
                .isBetween(200, 201);
    }

    private boolean isRenewed(int port, BigInteger before) {
        try {
            return !serial(port, context(directory, Optional.of(directory))).equals(before);
        } catch (IOException | GeneralSecurityException halfWritten) {
            return false;
        }
    }

    private static BigInteger serial(int port, SSLContext context) throws IOException {
        try (SSLSocket socket = connect(port, context)) {
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
        }
    }

    /** TLS 1.3 tells the dialler late that its certificate was not enough: only what is read afterwards says so. */
    private static boolean isAcceptedByPeerPort(int port, SSLContext context) throws IOException {
        try (SSLSocket socket = connect(port, context)) {
            socket.setSoTimeout(2_000);
            socket.startHandshake();
            return socket.getInputStream().read() >= 0;
        } catch (java.net.SocketTimeoutException open) {
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    private static boolean endsWithoutTheMagic(Socket socket) {
        try {
            byte[] answer = socket.getInputStream().readAllBytes();
            return !new String(answer, java.nio.charset.StandardCharsets.ISO_8859_1).contains("ASHLPEER");
        } catch (java.net.SocketTimeoutException open) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    private static SSLSocket connect(int port, SSLContext context) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), SOCKET_TIMEOUT_MS);
        socket.setSoTimeout(SOCKET_TIMEOUT_MS);
        return socket;
    }

    private static HttpResponse<String> send(HttpClient client, ServerProcess process, String method, String path)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(process.ports().url().replaceFirst("^http:", "https:") + path))
                .timeout(Duration.ofSeconds(20))
                .method(method, method.equals("PUT") ? BodyPublishers.ofString("x") : BodyPublishers.noBody())
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private static HttpClient client(SSLContext context) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(10))
                .sslContext(context)
                .build();
    }

    /** Believes the authority of one directory, and shows the certificate of another, or none. */
    private static SSLContext context(Path believed, Optional<Path> shown)
            throws IOException, GeneralSecurityException {
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("authority", certificate(believed.resolve("ca.crt")));
        TrustManagerFactory trusts = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusts.init(trust);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        if (shown.isPresent()) {
            String pem = Files.readString(shown.get().resolve("tls.key")).replaceAll("-----[A-Z ]+-----|\\s", "");
            PrivateKey key = KeyFactory.getInstance("EC")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
            own.setKeyEntry("own", key, new char[0], new Certificate[] {
                certificate(shown.get().resolve("tls.crt"))
            });
        }
        keys.init(own, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trusts.getTrustManagers(), null);
        return context;
    }

    private static Certificate certificate(Path file) throws IOException, GeneralSecurityException {
        try (var in = Files.newInputStream(file)) {
            return CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private static void makeCertificates(Path directory) throws Exception {
        Path script = LocalCluster.home().resolve("gitops/components/tls/make-certificates");
        int exit = new ProcessBuilder("bash", script.toString(), directory.toString(), "127.0.0.1", "localhost")
                .inheritIO()
                .start()
                .waitFor();
        assertThat(exit).as("exit value of %s (it needs openssl)", script).isZero();
    }
}
