package dev.ashlar.bench.load;

import java.util.Arrays;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class KeyChoiceTest {
    private static int[] draw(KeyChoice choice, int keys) {
        int[] hits = new int[keys];
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 100_000; i++) {
            hits[choice.next(random)]++;
        }
        return hits;
    }

    @Test
    void uniformTakesEveryKeyAboutEquallyOften() {
        assertThat(Arrays.stream(draw(new KeyChoice.Uniform(100), 100)).boxed()).allMatch(n -> n > 800 && n < 1_200);
    }

    @Test
    void zipfTakesTheHottestTenthMostOfTheTimeAndStaysInRange() {
        int[] hits = draw(new KeyChoice.Zipf(1_000), 1_000);
        Arrays.sort(hits);
        int hottest = Arrays.stream(hits).skip(900).sum();
        assertThat(hottest).isBetween(60_000, 80_000);
        KeyChoice.Zipf zipf = new KeyChoice.Zipf(10);
        assertThat(zipf.rank(0)).isZero();
        assertThat(zipf.rank(Math.nextDown(1.0))).isBetween(5L, 9L);
        assertThat(new KeyChoice.Zipf(1).rank(0.999)).isZero();
    }

    @Test
    void keysOfAGroupShareATagAndALength() {
        Payload payload = Payload.grouped("bench/", 200, 24, 16, 1);
        assertThat(payload.keyCount()).isEqualTo(600);
        assertThat(new String(payload.key(3), java.nio.charset.StandardCharsets.US_ASCII))
                .isEqualTo("bench/{000000000000001}0");
        assertThat(new String(payload.key(599), java.nio.charset.StandardCharsets.US_ASCII))
                .isEqualTo("bench/{000000000000199}2");
        assertThatThrownBy(() -> Payload.grouped("bench/", 1_001, 12, 16, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void keysHaveOneLengthAndMustFit() {
        Payload payload = Payload.of("bench/", 20_000, 24, 256, 1);
        assertThat(new String(payload.key(19_999), java.nio.charset.StandardCharsets.US_ASCII))
                .isEqualTo("bench/000000000000019999");
        assertThat(payload.value(0)).hasSize(256).isNotEqualTo(payload.value(1));
        assertThatThrownBy(() -> Payload.of("bench/", 20_000, 10, 256, 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
