package dev.ashlar.access.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SSLOptions;
import io.vertx.core.net.TCPSSLOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.ashlar.common.disk.StartRefusedException;

/**
 * What this process shows to the others of the cluster, and whom it believes.
 *
 * <ol>
 *   <li>{@code tls.crt}, {@code tls.key} and {@code ca.crt} of one directory, as cert-manager writes them.
 *   <li>Connections between processes are TLS 1.3; both sides show a certificate of the authority, and the name that was
 *       dialled must stand in that of the other.
 *   <li>Every five seconds the files are read; when they have changed, new connections use what is in them. Files that
 *       cannot be used change nothing, the log says so once.
 * </ol>
 *
 * <p>Any thread.
 */
public final class Certificates implements AutoCloseable {
    static final String CERTIFICATE = "tls.crt";
    static final String KEY = "tls.key";
    static final String AUTHORITY = "ca.crt";
    private static final long LOOK_MS = 5_000;

    private static final Logger LOG = LoggerFactory.getLogger(Certificates.class);
    private static final Set<String> PROTOCOLS = Set.of("TLSv1.3");
    private static final long HANDSHAKE_MS = 5_000;
    private static final int FILE_BYTES_MAX = 1 << 20;

    private record Pem(byte[] certificate, byte[] key, byte[] authority) {
        boolean isSameAs(Pem other) {
            return Arrays.equals(certificate, other.certificate)
                    && Arrays.equals(key, other.key)
                    && Arrays.equals(authority, other.authority);
        }
    }

    private final Path directory;
    private final List<Function<SSLOptions, Future<Boolean>>> users = new CopyOnWriteArrayList<>();
    private final List<Runnable> tasks = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("certificates").factory());
    private volatile Pem current;
    private String lastProblem = "";

    private Certificates(Path directory, Pem first) {
        this.directory = directory;
        this.current = first;
    }

    /**
     * Reads the files and begins to look for changes.
     *
     * @throws StartRefusedException when one of them cannot be read
     */
    public static Certificates open(Path directory) {
        try {
            Certificates certificates = new Certificates(directory, read(directory));
            var unused = certificates.loop.scheduleWithFixedDelay(
                    certificates::look, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
            return certificates;
        } catch (IOException unreadable) {
            throw new StartRefusedException("ASHLAR_TLS_DIR: " + unreadable.getMessage());
        }
    }

    /** Options of a client for HTTP that shows the certificate. */
    public HttpClientOptions client(HttpClientOptions options) {
        return ours(options).setVerifyHost(true);
    }

    /** Options of a client for TCP that shows the certificate. */
    public NetClientOptions client(NetClientOptions options) {
        return ours(options).setHostnameVerificationAlgorithm("HTTPS");
    }

    /** Options of a server that accepts nobody without a certificate of the authority. */
    public NetServerOptions server(NetServerOptions options) {
        return ours(options).setClientAuth(ClientAuth.REQUIRED);
    }

    /** Gives the client what is in the files when they change. */
    public HttpClient watch(HttpClient client) {
        users.add(client::updateSSLOptions);
        return client;
    }

    /** Gives the client what is in the files when they change. */
    public NetClient watch(NetClient client) {
        users.add(client::updateSSLOptions);
        return client;
    }

    /** Gives the server what is in the files when they change. */
    public NetServer watch(NetServer server) {
        users.add(server::updateSSLOptions);
        return server;
    }

    /** Runs it after each change, on a thread of its own. */
    public void onChange(Runnable task) {
        tasks.add(task);
    }

    @Override
    public void close() {
        loop.shutdownNow();
    }

    private <T extends TCPSSLOptions> T ours(T options) {
        Pem pem = current;
        options.setSsl(true)
                .setKeyCertOptions(keyCert(pem))
                .setTrustOptions(trust(pem))
                .setEnabledSecureTransportProtocols(PROTOCOLS)
                .setSslHandshakeTimeout(HANDSHAKE_MS)
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
        return options;
    }

    private void look() {
        try {
            Pem now = read(directory);
            if (!now.isSameAs(current)) {
                current = now;
                SSLOptions options = new SSLOptions()
                        .setKeyCertOptions(keyCert(now))
                        .setTrustOptions(trust(now))
                        .setEnabledSecureTransportProtocols(PROTOCOLS)
                        .setSslHandshakeTimeout(HANDSHAKE_MS)
                        .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
                LOG.info("the certificates have been read again");
                users.forEach(user -> user.apply(options).onFailure(bad -> problem(bad.getMessage())));
                tasks.forEach(Runnable::run);
            }
            lastProblem = "";
        } catch (IOException unreadable) {
            problem(unreadable.getMessage());
        } catch (RuntimeException bad) {
            problem(bad.toString());
        }
    }

    private synchronized void problem(String what) {
        if (!String.valueOf(what).equals(lastProblem)) {
            lastProblem = String.valueOf(what);
            LOG.error("new connections go on with the certificates as they were: {}", what);
        }
    }

    private static PemKeyCertOptions keyCert(Pem pem) {
        return new PemKeyCertOptions()
                .setCertValue(Buffer.buffer(pem.certificate()))
                .setKeyValue(Buffer.buffer(pem.key()));
    }

    private static PemTrustOptions trust(Pem pem) {
        return new PemTrustOptions().addCertValue(Buffer.buffer(pem.authority()));
    }

    private static Pem read(Path directory) throws IOException {
        return new Pem(bytes(directory, CERTIFICATE), bytes(directory, KEY), bytes(directory, AUTHORITY));
    }

    private static byte[] bytes(Path directory, String name) throws IOException {
        Path file = directory.resolve(name);
        if (!Files.isReadable(file) || Files.size(file) > FILE_BYTES_MAX) {
            throw new IOException(
                    file + " is not there, cannot be read, or has more than " + FILE_BYTES_MAX + " bytes");
        }
        return Files.readAllBytes(file);
    }
}
