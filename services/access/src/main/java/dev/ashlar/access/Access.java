package dev.ashlar.access;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Function;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.ashlar.access.gate.Attempts;
import dev.ashlar.access.gate.Gate;
import dev.ashlar.access.gate.Rules;
import dev.ashlar.access.tls.Certificates;
import dev.ashlar.access.token.BadTokenFileException;
import dev.ashlar.access.token.TokenFiles;
import dev.ashlar.access.token.TokenTable;
import dev.ashlar.common.Limits;
import dev.ashlar.common.disk.StartRefusedException;
import dev.ashlar.common.dns.Names;
import dev.ashlar.common.error.ApiException;

/**
 * Whether this process asks for tokens, and what it shows to the others.
 *
 * <ol>
 *   <li>{@code on}, or a file of tokens and {@code auto}: it asks.
 *   <li>{@code off}: it asks for none, and warns when it can be reached from other machines. With the files it shows the token of the
 *       processes all the same, so that those which ask for tokens already believe it: the step before {@code on} in a cluster
 *       that must not stop.
 *   <li>{@code auto} without a file: it asks for none when it is bound to the loopback alone; else it does not start.
 *   <li>With settings that cannot be used no token is valid, until {@link #check} ends the start.
 * </ol>
 *
 * <p>Any thread.
 */
public final class Access implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Access.class);

    private final boolean on;
    private final Optional<TokenFiles> files;
    private final Optional<Certificates> certificates;
    private final String problem;
    private final Names names = new Names();

    private Access(boolean on, Optional<TokenFiles> files, Optional<Certificates> certificates, String problem) {
        this.on = on;
        this.files = files;
        this.certificates = certificates;
        this.problem = problem;
    }

    /**
     * With the certificates of a directory, or without any. Never fails: see {@link #check}.
     *
     * @param tlsDir with {@code tls.crt}, {@code tls.key} and {@code ca.crt}
     */
    public Access withCertificates(Optional<String> tlsDir) {
        if (tlsDir.isEmpty() || !problem.isEmpty()) {
            return this;
        }
        try {
            return new Access(on, files, Optional.of(Certificates.open(Path.of(tlsDir.get()))), "");
        } catch (StartRefusedException unusable) {
            return new Access(true, files, Optional.empty(), String.valueOf(unusable.getMessage()));
        }
    }

    /**
     * Decides and reads the files. Never fails: see {@link #check}.
     *
     * @param setting {@code on}, {@code off} or {@code auto}
     * @param tokensFile the tokens of clients
     * @param peerTokenFile what the processes of the cluster show to each other
     * @param httpHost the address that the API is bound to
     */
    public static Access of(
            String setting, Optional<String> tokensFile, Optional<String> peerTokenFile, String httpHost) {
        boolean loopback = isLoopback(httpHost);
        switch (setting) {
            case "off" -> {
                if (!loopback) {
                    LOG.warn(
                            "authentication is off (ASHLAR_AUTH=off) on {}: whoever reaches it may do everything",
                            httpHost);
                }
                if (tokensFile.isPresent() && peerTokenFile.isPresent()) {
                    return withFiles(false, Path.of(tokensFile.get()), peerTokenFile.map(Path::of));
                }
                return new Access(false, Optional.empty(), Optional.empty(), "");
            }
            case "on", "auto" -> {
                if (tokensFile.isPresent()) {
                    return withFiles(true, Path.of(tokensFile.get()), peerTokenFile.map(Path::of));
                }
                if (setting.equals("auto") && loopback) {
                    return new Access(false, Optional.empty(), Optional.empty(), "");
                }
                return refused("ASHLAR_AUTH_TOKENS_FILE is not set, but the API is bound to " + httpHost
                        + " and ASHLAR_AUTH is " + setting
                        + "; set the file, bind to the loopback with QUARKUS_HTTP_HOST, or say ASHLAR_AUTH=off");
            }
            default -> {
                return refused("ASHLAR_AUTH is '" + setting + "'; it must be on, off or auto");
            }
        }
    }

    private static Access withFiles(boolean on, Path tokens, Optional<Path> peerToken) {
        if (peerToken.isEmpty()) {
            return refused("ASHLAR_AUTH_PEER_TOKEN_FILE is not set: with ASHLAR_AUTH_TOKENS_FILE the processes of the"
                    + " cluster need a token for each other");
        }
        try {
            return new Access(on, Optional.of(TokenFiles.open(tokens, peerToken)), Optional.empty(), "");
        } catch (BadTokenFileException bad) {
            return refused(String.valueOf(bad.getMessage()));
        }
    }

    private static Access refused(String problem) {
        return new Access(true, Optional.empty(), Optional.empty(), problem);
    }

    /**
     * To be called before anything else of the start.
     *
     * @throws StartRefusedException when the settings cannot be used
     */
    public void check() {
        if (!problem.isEmpty()) {
            throw new StartRefusedException(problem);
        }
    }

    /** Whether this process asks for tokens. */
    public boolean isOn() {
        return on;
    }

    /** The gate of this process; to be made its first route. */
    public Gate gate(Rules rules, BiConsumer<HttpServerRequest, ApiException> refuse) {
        return new Gate(
                on ? Optional.of(this::tokens) : Optional.empty(),
                certificates.isPresent(),
                rules,
                new Attempts(Limits.BAD_TOKENS_PER_ADDRESS_MAX),
                refuse);
    }

    private TokenTable tokens() {
        return files.map(TokenFiles::tokens).orElse(TokenTable.EMPTY);
    }

    /** Shows, in a request to another process of the cluster, that this is one too. Replaces the token of a client. */
    public void sign(MultiMap headers) {
        if (files.isPresent()) {
            headers.set(HttpHeaders.AUTHORIZATION, "Bearer " + files.get().peerToken());
        }
    }

    /** As {@link #sign(MultiMap)}, over TLS when this process has certificates. To be called last. */
    public RequestOptions sign(RequestOptions request) {
        MultiMap headers = request.getHeaders() == null ? MultiMap.caseInsensitiveMultiMap() : request.getHeaders();
        sign(headers);
        return request.setHeaders(headers).setSsl(certificates.isPresent());
    }

    /** A client for the other processes, which shows them the certificate of this one. */
    public HttpClient client(Vertx vertx, HttpClientOptions options) {
        return certificates
                .map(known -> known.watch(vertx.createHttpClient(known.client(options))))
                .orElseGet(() -> vertx.createHttpClient(options));
    }

    /**
     * A request to another process of the cluster, {@linkplain #sign(RequestOptions) signed}. Its name is looked up off the event
     * loop. The pool of connections is that of the address, so that a pod that comes back under another one is found.
     *
     * <p>On an event loop. Other threads must {@link #exchange}: they could be too late for an answer that is there at once.
     *
     * @return fails when the other process cannot be reached, and when the client is closed
     */
    public Future<HttpClientRequest> request(HttpClient client, RequestOptions request) {
        return atAddress(client, request, Function.identity());
    }

    /**
     * As {@link #request}, and sends it and reads the whole answer. Any thread.
     *
     * @param body empty for none
     */
    public Future<HttpAnswer> exchange(HttpClient client, RequestOptions request, Buffer body) {
        return atAddress(client, request, open -> HttpAnswer.of(open, body));
    }

    private <T> Future<T> atAddress(
            HttpClient client, RequestOptions request, Function<Future<HttpClientRequest>, Future<T>> then) {
        RequestOptions signed = sign(request);
        CompletableFuture<InetAddress> found = names.address(signed.getHost());
        // The usual case, on the way of every forwarded request: no hop to another turn of the loop.
        if (found.isDone() && !found.isCompletedExceptionally()) {
            return then.apply(to(client, signed, found.join()));
        }
        Context context = Vertx.currentContext();
        return (context == null ? Future.fromCompletionStage(found) : Future.fromCompletionStage(found, context))
                .compose(address -> then.apply(to(client, signed, address)));
    }

    private static Future<HttpClientRequest> to(HttpClient client, RequestOptions request, InetAddress address) {
        try {
            return client.request(
                    request.setServer(SocketAddress.inetSocketAddress(request.getPort(), address.getHostAddress())));
        } catch (IllegalStateException closed) {
            // This process stops: its clients may be closed before its last requests are answered.
            return Future.failedFuture(closed);
        }
    }

    /** The certificates of this process; empty without TLS. */
    public Optional<Certificates> certificates() {
        return certificates;
    }

    /** How the processes of the cluster are called: {@code http://} or {@code https://}. */
    public String scheme() {
        return certificates.isPresent() ? "https://" : "http://";
    }

    @Override
    public void close() {
        files.ifPresent(TokenFiles::close);
        certificates.ifPresent(Certificates::close);
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            return false;
        }
    }
}
