package dev.ashlar.store.kv;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ByteWriterTest {
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 127, 128, 16_383, 16_384, 1L << 55, (1L << 56) - 1, 1L << 56, Long.MAX_VALUE})
    void theLengthOfANumberIsWhatIsWritten(long number) {
        ByteWriter out = new ByteWriter(0);
        out.varint(number);
        assertThat(out.size()).isEqualTo(ByteWriter.varintBytes(number));
        ByteReader in = new ByteReader(out.toBytes(), 0, out.size());
        assertThat(in.varint()).isEqualTo(number);
        assertThat(in.finished()).isTrue();
    }
}
