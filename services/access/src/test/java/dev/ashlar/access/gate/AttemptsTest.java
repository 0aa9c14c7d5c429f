package dev.ashlar.access.gate;

import org.junit.jupiter.api.Test;

import dev.ashlar.common.Limits;

import static org.assertj.core.api.Assertions.assertThat;

class AttemptsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long START = 42 * SECOND;

    @Test
    void anAddressMayFailSoOftenAndThenOnceASecond() {
        Attempts attempts = new Attempts(3);
        assertThat(attempts.isQuiet()).isTrue();
        for (int i = 0; i < 3; i++) {
            assertThat(attempts.waitMs("a", "", START)).isZero();
            attempts.failed("a", START);
        }
        assertThat(attempts.waitMs("a", "", START)).isZero();
        attempts.failed("a", START);
        assertThat(attempts.waitMs("a", "", START)).isBetween(1L, 1_001L);
        assertThat(attempts.waitMs("a", "valid", START))
                .as("a valid token is told nothing")
                .isPositive();
        assertThat(attempts.waitMs("b", "", START)).isZero();
        assertThat(attempts.waitMs("a", "", START + SECOND)).isZero();
        attempts.failed("a", START + SECOND);
        assertThat(attempts.waitMs("a", "", START + SECOND)).isPositive();
        assertThat(attempts.waitMs("a", "", START + 10 * SECOND)).isZero();
        assertThat(attempts.isQuiet()).isTrue();
    }

    @Test
    void aTokenThatWasAcceptedFromTheAddressBeforeStillIs() {
        Attempts attempts = new Attempts(1);
        attempts.accepted("proxy", "good");
        for (int i = 0; i < 100; i++) {
            attempts.failed("proxy", START);
        }
        assertThat(attempts.waitMs("proxy", "good", START)).isZero();
        assertThat(attempts.waitMs("proxy", "other", START)).isBetween(1L, 1_001L);
    }

    @Test
    void remembersABoundedNumberOfAddresses() {
        Attempts attempts = new Attempts(1);
        for (int i = 0; i < Limits.ATTEMPT_ADDRESSES_MAX + 100; i++) {
            attempts.failed("address-" + i, START);
        }
        assertThat(attempts.size()).isEqualTo(Limits.ATTEMPT_ADDRESSES_MAX);
    }
}
