package dev.ashlar.access.load;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ConcurrencyLimitTest {
    private static final long MS = 1_000_000;

    private final ConcurrencyLimit limit = new ConcurrencyLimit(4, 100, 50 * MS);
    private long now;

    @Test
    void refusesBeyondTheLimitAndLetsPeersGoToTwice() {
        for (int i = 0; i < 100; i++) {
            assertThat(limit.tryBegin(false)).isTrue();
        }
        assertThat(limit.tryBegin(false)).isFalse();
        for (int i = 0; i < 100; i++) {
            assertThat(limit.tryBegin(true)).isTrue();
        }
        assertThat(limit.tryBegin(true)).isFalse();
        assertThat(limit.inFlight()).isEqualTo(200);
        limit.ended(MS, ++now);
        assertThat(limit.tryBegin(true)).isTrue();
    }

    @Test
    void goesDownWhenRequestsTakeLongAndUpAgainWhenItIsReached() {
        serve(40, 200 * MS);
        assertThat(limit.limit()).isEqualTo(4);
        serve(200, 10 * MS);
        assertThat(limit.limit()).isEqualTo(100);
    }

    @Test
    void staysWhenItIsNotReached() {
        serve(1, 200 * MS);
        int down = limit.limit();
        for (int i = 0; i < 1_000; i++) {
            assertThat(limit.tryBegin(false)).isTrue();
            now += 10 * MS;
            limit.ended(10 * MS, now);
        }
        assertThat(limit.limit()).isEqualTo(down).isLessThan(100);
    }

    /** Windows in which the limit is reached. */
    private void serve(int windows, long tookNanos) {
        for (int window = 0; window < windows; window++) {
            for (int done = 0; done < 60; ) {
                int begun = 0;
                while (limit.tryBegin(false)) {
                    begun++;
                }
                for (int i = 0; i < begun; i++) {
                    now += 10 * MS;
                    limit.ended(tookNanos, now);
                    done++;
                }
            }
        }
    }
}
