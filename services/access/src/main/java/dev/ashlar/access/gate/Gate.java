package dev.ashlar.access.gate;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.ashlar.access.token.Token;
import dev.ashlar.access.token.TokenTable;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;

/**
 * In front of all routes: nothing is served that has not passed here.
 *
 * <ol>
 *   <li>A process that asks for no tokens lets everything pass; its address is the loopback, or somebody said so by name.
 *   <li>What needs nothing passes.
 *   <li>No token, or one that is not valid: 401. Too many of those from one address: 429, whatever it shows.
 *   <li>The token does not permit what the {@link Rules} say that is needed: 403.
 *   <li>With certificates between the processes, a peer must have shown one too.
 * </ol>
 *
 * <p>On event loops; never blocks. The text of a token is not logged; {@link Shown} keeps it.
 */
public final class Gate {
    /** Before every other route. */
    public static final int ORDER = Integer.MIN_VALUE;

    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);
    private static final String KEYS = "/v1/kv/";
    private static final String LOCKS = "/v1/locks/";
    private static final Need PEER = new Need.Peer();
    private static final AttributeKey<Shown> ACCEPTED = AttributeKey.valueOf("ashlar.accepted");
    private static final String SCHEME = "Bearer ";
    private static final int TOKEN_CHARS_MAX = 512;
    private static final long CLOSE_AFTER_MS = 500;
    private static final long LOG_EVERY_NANOS = 60_000_000_000L;

    private final Optional<Supplier<TokenTable>> tokens;
    private final boolean peersShowCertificates;
    private final Rules rules;
    private final Attempts attempts;
    private final BiConsumer<HttpServerRequest, ApiException> refuse;
    private final LongAdder unauthenticated = new LongAdder();
    private final LongAdder forbidden = new LongAdder();
    private final LongAdder slowed = new LongAdder();
    private final AtomicLong nextLogNanos = new AtomicLong(System.nanoTime());

    /**
     * Lets nothing pass yet: {@link #handle} is to be made the first route.
     *
     * @param tokens the valid ones, asked for each request; empty when this process asks for none
     * @param peersShowCertificates whether a peer must have shown a certificate in its TLS handshake
     * @param refuse answers with a problem
     */
    public Gate(
            Optional<Supplier<TokenTable>> tokens,
            boolean peersShowCertificates,
            Rules rules,
            Attempts attempts,
            BiConsumer<HttpServerRequest, ApiException> refuse) {
        this.tokens = tokens;
        this.peersShowCertificates = peersShowCertificates;
        this.rules = rules;
        this.attempts = attempts;
        this.refuse = refuse;
    }

    /**
     * For routes that find keys in their body: refuses what the token of the request does not permit.
     *
     * @throws ApiException {@code forbidden}
     */
    public static void require(HttpServerRequest request, Need need) {
        if (!need.isMetBy(token(request))) {
            throw new ApiException(ErrorCode.FORBIDDEN, "this needs " + need.words());
        }
    }

    /** Whether another process of the cluster sent a request that has passed; anybody may have while no tokens are asked for. */
    public static boolean isPeer(HttpServerRequest request) {
        return token(request).isPeer();
    }

    /** Whose token a request has shown. A connection has one request at a time, so it stands at the connection. */
    private static Token token(HttpServerRequest request) {
        if (request.connection() instanceof ConnectionBase connection) {
            Shown accepted = connection.channel().attr(ACCEPTED).get();
            return accepted == null ? Token.ANYONE : accepted.token();
        }
        return Token.NOBODY;
    }

    /** Requests refused with 401 since the start. */
    public long unauthenticated() {
        return unauthenticated.sum();
    }

    /** Requests refused with 403 since the start. */
    public long forbidden() {
        return forbidden.sum();
    }

    /** Requests refused with 429 since too many tokens were tried. */
    public long slowed() {
        return slowed.sum();
    }

    /** The first route. */
    public void handle(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        try {
            String path = path(routing);
            if (tokens.isPresent()) {
                check(request, path, tokens.get().get());
            } else if (peersShowCertificates && isInternal(path) && !showsCertificate(request)) {
                throw forbidden(PEER);
            }
            routing.next();
        } catch (ApiException refused) {
            refuse(routing, refused, refuse);
        }
    }

    /**
     * The path as the routes will see it: folded, but for keys and the names of locks, in which {@code //} and {@code ..}
     * are like any other characters. A path that is checked in one spelling and served in another would be a hole: the name
     * of a lock that leads out of the locks when it is folded is refused. (Keys are never folded: their route is the first
     * one behind this, and takes whatever begins like a key.)
     *
     * @throws ApiException {@code invalid_argument} when the two spellings are different routes
     */
    private static String path(RoutingContext routing) {
        String raw = routing.request().path();
        if (raw != null && raw.startsWith(KEYS)) {
            return raw;
        }
        String folded = routing.normalizedPath();
        if (raw == null || !raw.startsWith(LOCKS)) {
            return folded;
        }
        if (folded.startsWith(LOCKS)) {
            return raw;
        }
        throw new ApiException(
                ErrorCode.INVALID_ARGUMENT,
                "the path leads out of " + LOCKS + "; in the name of a lock write the '/' behind '..' as %2F");
    }

    private void check(HttpServerRequest request, String path, TokenTable table) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null) {
            if (need(request, path) instanceof Need.Nothing) {
                noteAccepted(request, Shown.NOTHING);
                return;
            }
            throw unauthenticated("there is no token: send Authorization: Bearer <token>");
        }
        Shown before = request.connection() instanceof ConnectionBase connection
                ? connection.channel().attr(ACCEPTED).get()
                : null;
        if (before != null && before.isAgain(table.edition(), header)) {
            if (!attempts.isQuiet()) {
                waitWhenSlowed(request, before.token().name());
            }
            permit(request, path, before.token());
            return;
        }
        Optional<Token> shown = find(table, header);
        if (!attempts.isQuiet()) {
            waitWhenSlowed(request, shown.map(Token::name).orElse(""));
        }
        if (shown.isEmpty()) {
            String address = address(request);
            attempts.failed(address, System.nanoTime());
            logNowAndThen(address);
            throw unauthenticated("the token is not valid");
        }
        permit(request, path, shown.get());
        Shown accepted = new Shown(table.edition(), header, shown.get());
        if (noteAccepted(request, accepted)) {
            attempts.accepted(address(request), accepted.token().name());
        }
    }

    private void permit(HttpServerRequest request, String path, Token token) {
        if (token.isPeer() && peersShowCertificates && !showsCertificate(request)) {
            throw forbidden(PEER);
        }
        if (!token.isAdmin() || isInternal(path)) {
            Need need = need(request, path);
            if (!need.isMetBy(token)) {
                throw forbidden(need);
            }
        }
    }

    /**
     * Asks once more, for an answer that lasts: why its request would be refused now, since its token is gone or permits
     * less. Empty when it would pass. On its event loop.
     *
     * @param path as it was checked when the request came
     */
    public Optional<ApiException> refusalNow(HttpServerRequest request, String path) {
        if (tokens.isEmpty()) {
            return Optional.empty();
        }
        Need need = need(request, path);
        if (need instanceof Need.Nothing) {
            return Optional.empty();
        }
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        Optional<Token> shown =
                header == null ? Optional.empty() : find(tokens.get().get(), header);
        if (shown.isEmpty()) {
            return Optional.of(new ApiException(ErrorCode.UNAUTHENTICATED, "the token is not valid any more"));
        }
        boolean permitted = shown.get().isAdmin() && !isInternal(path) || need.isMetBy(shown.get());
        return permitted
                ? Optional.empty()
                : Optional.of(new ApiException(ErrorCode.FORBIDDEN, "this needs " + need.words() + " by now"));
    }

    private void waitWhenSlowed(HttpServerRequest request, String acceptedToken) {
        long waitMs = attempts.waitMs(address(request), acceptedToken, System.nanoTime());
        if (waitMs > 0) {
            slowed.increment();
            throw new ApiException(
                    ErrorCode.TOO_MANY_REQUESTS, "too many tokens that are not valid came from this address", waitMs);
        }
    }

    /** Says whether the connection has shown another token before, or none. */
    private static boolean noteAccepted(HttpServerRequest request, Shown shown) {
        if (request.connection() instanceof ConnectionBase connection) {
            Shown before = connection.channel().attr(ACCEPTED).getAndSet(shown);
            return before == null || before.token() != shown.token();
        }
        return false;
    }

    private Need need(HttpServerRequest request, String path) {
        // What only processes of the cluster call is decided here, so that no rule can open it by mistake.
        return isInternal(path) ? PEER : rules.need(request.method().name(), path, request.query());
    }

    private static boolean isInternal(String path) {
        return path.startsWith("/internal/");
    }

    private static Optional<Token> find(TokenTable table, String header) {
        boolean bearer = header.length() <= SCHEME.length() + TOKEN_CHARS_MAX
                && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
        return bearer ? table.find(header.substring(SCHEME.length()).strip()) : Optional.empty();
    }

    private static boolean showsCertificate(HttpServerRequest request) {
        if (!request.isSSL()) {
            return false;
        }
        try {
            return !request.connection().peerCertificates().isEmpty();
        } catch (javax.net.ssl.SSLPeerUnverifiedException none) {
            return false;
        }
    }

    private static String address(HttpServerRequest request) {
        SocketAddress remote = request.connection().remoteAddress();
        return remote == null || remote.hostAddress() == null ? "" : remote.hostAddress();
    }

    private ApiException unauthenticated(String detail) {
        unauthenticated.increment();
        return new ApiException(ErrorCode.UNAUTHENTICATED, detail);
    }

    private ApiException forbidden(Need need) {
        forbidden.increment();
        return new ApiException(ErrorCode.FORBIDDEN, "this needs " + need.words());
    }

    private void logNowAndThen(String address) {
        long now = System.nanoTime();
        long next = nextLogNanos.get();
        if (now - next >= 0 && nextLogNanos.compareAndSet(next, now + LOG_EVERY_NANOS)) {
            LOG.warn(
                    "a token that is not valid came from {}; {} requests were refused so far",
                    address,
                    unauthenticated());
        }
    }

    /**
     * Answers with a problem, whatever of the body has come.
     *
     * @param answer writes the problem
     */
    public static void refuse(
            RoutingContext routing, ApiException problem, BiConsumer<HttpServerRequest, ApiException> answer) {
        HttpServerRequest request = routing.request();
        if (!request.isEnded()) {
            // What the client still sends is thrown away: closing at once would reset the connection before the client
            // reads the answer. A body that may be long is not awaited.
            request.handler(discarded -> {});
        }
        if (!request.isEnded() && !isShort(request.getHeader(HttpHeaders.CONTENT_LENGTH))) {
            request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            routing.vertx()
                    .setTimer(CLOSE_AFTER_MS, timer -> request.connection().close());
        }
        if (problem.code() == ErrorCode.UNAUTHENTICATED) {
            request.response().putHeader("WWW-Authenticate", "Bearer");
        }
        answer.accept(request, problem);
    }

    private static boolean isShort(String contentLength) {
        return contentLength != null && contentLength.matches("\\d{1,5}");
    }
}
