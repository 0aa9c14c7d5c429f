package dev.ashlar.bench.http;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ResponseParserTest {
    private final ResponseParser parser = new ResponseParser();

    private int feed(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return parser.feed(bytes, 0, bytes.length);
    }

    @Test
    void answerThatArrivesByteByByte() {
        String answer = "HTTP/1.1 201 Created\r\nETag: \"7\"\r\ncontent-LENGTH: 5\r\n\r\nhello";
        for (int i = 0; i < answer.length(); i++) {
            assertThat(parser.isDone()).isFalse();
            feed(answer.substring(i, i + 1));
        }
        assertThat(parser.isDone()).isTrue();
        assertThat(parser.status()).isEqualTo(201);
        assertThat(parser.bodyBytes()).isEqualTo(5);
        assertThat(parser.keepAlive()).isTrue();
    }

    @Test
    void chunkedBodyWithExtensionAndTrailer() {
        feed(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;x=y\r\nabcd\r\nA\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n");
        assertThat(parser.isDone()).isTrue();
        assertThat(parser.bodyBytes()).isEqualTo(14);
    }

    @Test
    void noBodyAfter204And304AndContentLengthZero() {
        for (String head : new String[] {
            "204 No Content\r\n", "304 Not Modified\r\nContent-Length: 9\r\n", "200 OK\r\nContent-Length: 0\r\n"
        }) {
            feed("HTTP/1.1 " + head + "\r\n");
            assertThat(parser.isDone()).as(head).isTrue();
            parser.reset();
        }
    }

    @Test
    void interimAnswerIsSkipped() {
        feed("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
        assertThat(parser.isDone()).isTrue();
        assertThat(parser.status()).isEqualTo(200);
    }

    @Test
    void secondAnswerStartsWhereTheFirstEnds() {
        String one = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab";
        assertThat(feed(one + "HTTP/1.1 404 ")).isEqualTo(one.length());
        parser.reset();
        feed("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        assertThat(parser.status()).isEqualTo(404);
        assertThat(parser.keepAlive()).isFalse();
    }

    @Test
    void bodyWithoutLengthEndsWithTheConnection() {
        feed("HTTP/1.0 200 OK\r\n\r\nabc");
        assertThat(parser.isDone()).isFalse();
        assertThat(parser.endOfStream()).isTrue();
        assertThat(parser.bodyBytes()).isEqualTo(3);
        assertThat(parser.keepAlive()).isFalse();
    }

    @Test
    void connectionThatEndsInTheMiddleOfAnAnswerIsNotAnAnswer() {
        feed("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab");
        assertThat(parser.endOfStream()).isFalse();
    }

    @Test
    void bytesThatAreNotHttpAreRefused() {
        assertThatThrownBy(() -> feed("SSH-2.0-OpenSSH\r\n")).isInstanceOf(IllegalArgumentException.class);
        ResponseParser endless = new ResponseParser();
        byte[] line = new byte[ResponseParser.LINE_BYTES_MAX + 1];
        assertThatThrownBy(() -> endless.feed(line, 0, line.length)).isInstanceOf(IllegalArgumentException.class);
        ResponseParser badLength = new ResponseParser();
        byte[] bad = "HTTP/1.1 200 OK\r\nContent-Length: -3\r\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> badLength.feed(bad, 0, bad.length)).isInstanceOf(IllegalArgumentException.class);
    }
}
