package dev.ashlar.access;

import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.RequestOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.ashlar.common.disk.StartRefusedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AccessTest {
    private static final Optional<String> NONE = Optional.empty();

    @Test
    void withoutTokensOnTheLoopbackNothingIsAsked() {
        for (String host : new String[] {"127.0.0.1", "localhost", "::1"}) {
            try (Access access = Access.of("auto", NONE, NONE, host)) {
                assertThat(access.isOn()).isFalse();
                assertThatCode(access::check).doesNotThrowAnyException();
                MultiMap headers = MultiMap.caseInsensitiveMultiMap();
                access.sign(headers);
                assertThat(headers.isEmpty()).isTrue();
            }
        }
    }

    @Test
    void elsewhereItMustBeSwitchedOffByName() {
        try (Access access = Access.of("auto", NONE, NONE, "0.0.0.0")) {
            assertThat(access.isOn()).isTrue();
            assertThatThrownBy(access::check)
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining("ASHLAR_AUTH_TOKENS_FILE")
                    .hasMessageContaining("ASHLAR_AUTH=off");
        }
        try (Access access = Access.of("off", NONE, NONE, "0.0.0.0")) {
            assertThat(access.isOn()).isFalse();
            assertThatCode(access::check).doesNotThrowAnyException();
        }
    }

    @Test
    void switchedOffWithTheFilesItShowsItsTokenAndAsksForNone(@TempDir Path directory) throws IOException {
        Path tokens = Files.writeString(directory.resolve("tokens.json"), "{\"tokens\":[]}");
        Path peer = Files.writeString(directory.resolve("peer-token"), "one-of-us-one-of-us-one-of-us-one-of-us\n");
        try (Access access =
                Access.of("off", Optional.of(tokens.toString()), Optional.of(peer.toString()), "0.0.0.0")) {
            assertThatCode(access::check).doesNotThrowAnyException();
            assertThat(access.isOn()).isFalse();
            MultiMap headers = MultiMap.caseInsensitiveMultiMap();
            access.sign(headers);
            assertThat(headers.get("Authorization")).isEqualTo("Bearer one-of-us-one-of-us-one-of-us-one-of-us");
        }
    }

    @Test
    void anotherProcessIsAskedByItsNameFromAnyThread() {
        Vertx vertx = Vertx.vertx();
        try (Access access = Access.of("auto", NONE, NONE, "127.0.0.1")) {
            HttpServer server = join(vertx.createHttpServer()
                    .requestHandler(request -> request.response()
                            .end(request.authority().host() + ":"
                                    + (request.authority().port()
                                            == request.localAddress().port())))
                    .listen(0, "127.0.0.1"));
            HttpClient client = access.client(vertx, new HttpClientOptions());
            String url = "http://localhost:" + server.actualPort() + "/";
            // The second time the address is known.
            for (int i = 0; i < 2; i++) {
                assertThat(join(ask(access, client, url))).isEqualTo("localhost:true");
            }
            Promise<String> onTheLoop = Promise.promise();
            vertx.runOnContext(now ->
                    ask(access, client, url.replace("localhost", "127.0.0.1")).onComplete(onTheLoop));
            assertThat(join(onTheLoop.future())).isEqualTo("127.0.0.1:true");
            assertThatThrownBy(() -> join(ask(access, client, "http://no-such-host.invalid/")))
                    .hasCauseInstanceOf(UnknownHostException.class);
        } finally {
            join(vertx.close());
        }
    }

    /** A store that stops closes its clients while its last requests come in: what throws is answered by 500. */
    @Test
    void aClientThatIsClosedFailsTheRequestAndThrowsNothing() {
        Vertx vertx = Vertx.vertx();
        try (Access access = Access.of("auto", NONE, NONE, "127.0.0.1")) {
            HttpClient client = access.client(vertx, new HttpClientOptions());
            join(client.close());
            RequestOptions options = new RequestOptions().setAbsoluteURI("http://127.0.0.1:1/");
            assertThat(access.request(client, new RequestOptions(options)).cause())
                    .isInstanceOf(IllegalStateException.class);
            assertThat(access.exchange(client, options, Buffer.buffer()).cause())
                    .isInstanceOf(IllegalStateException.class);
        } finally {
            join(vertx.close());
        }
    }

    private static Future<String> ask(Access access, HttpClient client, String url) {
        return access.exchange(client, new RequestOptions().setAbsoluteURI(url), Buffer.buffer())
                .map(answer -> answer.body().toString());
    }

    private static <T> T join(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    @Test
    void settingsThatCannotBeUsedEndTheStart() {
        for (Access access : new Access[] {
            Access.of("maybe", NONE, NONE, "127.0.0.1"),
            Access.of("on", NONE, NONE, "127.0.0.1"),
            Access.of("auto", Optional.of("/nowhere/tokens.json"), NONE, "127.0.0.1"),
            Access.of("auto", Optional.of("/nowhere/tokens.json"), Optional.of("/nowhere/peer"), "127.0.0.1")
        }) {
            assertThat(access.isOn()).isTrue();
            assertThatThrownBy(access::check).isInstanceOf(StartRefusedException.class);
        }
    }
}
