package dev.ashlar.store.kv;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ContentTypesTest {
    @ParameterizedTest
    @ValueSource(strings = {"application/octet-stream", "image/png", "text/x-ours", "x"})
    void theLengthOfATypeIsWhatIsWritten(String type) {
        check(type);
        check(type.repeat(12));
    }

    private static void check(String type) {
        ByteWriter out = new ByteWriter(0);
        ContentTypes.write(out, type);
        assertThat(ContentTypes.bytes(type)).isEqualTo(out.size());
        ByteReader in = new ByteReader(out.toBytes(), 0, out.size());
        assertThat(ContentTypes.read(in)).isEqualTo(type.length() <= 256 ? type : "");
    }
}
