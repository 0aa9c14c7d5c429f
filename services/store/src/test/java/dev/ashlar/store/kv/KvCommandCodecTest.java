package dev.ashlar.store.kv;

import java.util.Arrays;
import java.util.Optional;
import java.util.Random;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

import dev.ashlar.common.Limits;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class KvCommandCodecTest {
    @Property(tries = 500)
    void everyCommandComesBackAndHasOneEncoding(@ForAll long seed) {
        KvEnvelope envelope = envelope(seed);
        byte[] bytes = KvCommandCodec.encode(envelope);
        KvEnvelope back = KvCommandCodec.decode(bytes).orElseThrow();
        assertThat(back).usingRecursiveComparison().isEqualTo(envelope);
        assertThat(KvCommandCodec.encode(back)).isEqualTo(bytes);
        assertThat(KvCommandCodec.expectedBytes(envelope))
                .as("else every write would be copied once more")
                .isEqualTo(bytes.length);
    }

    @Property(tries = 300)
    void aCommandCutShortOrWithATailIsRefused(@ForAll long seed) {
        byte[] bytes = KvCommandCodec.encode(envelope(seed));
        for (int length = 0; length < bytes.length; length++) {
            assertThat(KvCommandCodec.decode(Arrays.copyOf(bytes, length))).isEmpty();
        }
        assertThat(KvCommandCodec.decode(Arrays.copyOf(bytes, bytes.length + 1)))
                .isEmpty();
    }

    @Property(tries = 300)
    void whateverIsAcceptedAfterABitFlipEncodesToTheSameBytes(@ForAll long seed) {
        byte[] bytes = KvCommandCodec.encode(envelope(seed));
        for (int bit = 0; bit < Math.min(bytes.length, 60) * Byte.SIZE; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            Optional<KvEnvelope> decoded = KvCommandCodec.decode(flipped);
            decoded.ifPresent(
                    envelope -> assertThat(KvCommandCodec.encode(envelope)).isEqualTo(flipped));
        }
    }

    @Property(tries = 2000)
    void garbageNeverThrows(@ForAll @Size(max = 200) byte[] garbage) {
        byte[] bytes = garbage.clone();
        KvCommandCodec.decode(bytes);
        if (bytes.length > 3) {
            bytes[0] = 1;
            bytes[1] &= 3;
            KvCommandCodec.decode(bytes);
        }
    }

    @Example
    void limitsHoldOnBothSides() {
        check("k".repeat(Limits.KEY_BYTES_MAX), Limits.VALUE_BYTES_MAX, Limits.TTL_MS_MAX);
        check("é".repeat(Limits.KEY_BYTES_MAX / 2), 0, Limits.TTL_MS_MIN);
        refused(ErrorCode.KEY_TOO_LONG, "k".repeat(Limits.KEY_BYTES_MAX + 1), 0, 0);
        refused(ErrorCode.KEY_TOO_LONG, "é".repeat(Limits.KEY_BYTES_MAX / 2) + "k", 0, 0);
        refused(ErrorCode.INVALID_ARGUMENT, "", 0, 0);
        refused(ErrorCode.INVALID_ARGUMENT, "a\ud800", 0, 0);
        refused(ErrorCode.INVALID_ARGUMENT, "\udc00b", 0, 0);
        refused(ErrorCode.VALUE_TOO_LARGE, "k", Limits.VALUE_BYTES_MAX + 1, 0);
        refused(ErrorCode.INVALID_ARGUMENT, "k", 0, Limits.TTL_MS_MIN - 1);
        refused(ErrorCode.INVALID_ARGUMENT, "k", 0, Limits.TTL_MS_MAX + 1);
        refused(ErrorCode.INVALID_ARGUMENT, "k", 0, -1);
        for (String type : new String[] {"", "a\n", "é", "x".repeat(Limits.CONTENT_TYPE_BYTES_MAX + 1)}) {
            assertThatThrownBy(() -> new KvCommand.Put("k", new byte[0], type, Precondition.NONE, 0))
                    .isInstanceOf(ApiException.class);
        }
        String longest = "i".repeat(Limits.IDEMPOTENCY_KEY_BYTES_MAX);
        KvCommand delete = new KvCommand.Delete("k", Precondition.NONE);
        assertThat(KvEnvelope.of(delete, 0, Optional.of(longest)).idempotencyKey())
                .isEqualTo(longest);
        for (String id : new String[] {"", longest + "i", "\ud800"}) {
            assertThatThrownBy(() -> KvEnvelope.of(delete, 0, Optional.of(id))).isInstanceOf(ApiException.class);
        }
    }

    private static void check(String key, int valueBytes, long ttlMs) {
        KvCommand put = new KvCommand.Put(key, new byte[valueBytes], "a/b", Precondition.NONE, ttlMs);
        KvEnvelope envelope = KvEnvelope.of(put, 1, Optional.empty());
        assertThat(KvCommandCodec.decode(KvCommandCodec.encode(envelope))).isPresent();
    }

    private static void refused(ErrorCode code, String key, int valueBytes, long ttlMs) {
        assertThatThrownBy(() -> new KvCommand.Put(key, new byte[valueBytes], "a/b", Precondition.NONE, ttlMs))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private static KvEnvelope envelope(long seed) {
        Random random = new Random(seed);
        Optional<String> id = random.nextBoolean() ? Optional.of("id" + random.nextInt()) : Optional.empty();
        Samples samples = new Samples(seed);
        return KvEnvelope.of(samples.command(), random.nextLong() >>> random.nextInt(1, 63), id, samples.fence());
    }
}
