package dev.ashlar.bench.watch;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class KeyScannerTest {
    private static List<Integer> found(String text, int piece) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        List<Integer> found = new ArrayList<>();
        KeyScanner scanner = new KeyScanner("watch/", 4, 8);
        for (int at = 0; at < bytes.length; at += piece) {
            scanner.feed(bytes, at, Math.min(bytes.length, at + piece), found::add);
        }
        return found;
    }

    @Test
    void keysAreFoundHoweverTheBytesAreCut() {
        String text = "id: x\ndata: {\"key\":\"watch/0017\",\"v\":\"12345678\"}\n\n"
                + "7\r\ndata: {\"key\":\"watch/0018\",\"v\":\"watch/00\"}\n\nwawatch/0019 behind it";
        for (int piece = 1; piece <= text.length(); piece++) {
            assertThat(found(text, piece)).as("pieces of %d bytes", piece).containsExactly(17, 18, 19);
        }
    }

    @Test
    void whatStandsWithinAValueIsNoKey() {
        assertThat(found("watch/0001watch/0002watch/0003", 30)).containsExactly(1, 3);
    }

    @Test
    void fewerDigitsAreNoKey() {
        assertThat(found("watch/12 watch/123watch/0004", 5)).containsExactly(4);
    }

    @Test
    void prefixMustBeFoundWithoutGoingBack() {
        assertThatThrownBy(() -> new KeyScanner("aab/", 4, 8)).isInstanceOf(IllegalArgumentException.class);
    }
}
