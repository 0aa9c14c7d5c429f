package dev.ashlar.store.replica;

import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A new leader never expires early, whatever its wall clock says. */
class LeaderClockTest {
    private final AtomicLong shardMs = new AtomicLong();
    private final AtomicLong wallMs = new AtomicLong(1_000_000);
    private final AtomicLong nanos = new AtomicLong(7);
    private final LeaderClock clock = new LeaderClock(shardMs::get, wallMs::get, nanos::get);

    @Test
    void aNewShardBeginsWithTheWallClock() {
        assertThat(clock.nowMs(1)).isEqualTo(1_000_000);
    }

    @Test
    void aWallClockThatJumpsMovesNothing() {
        clock.nowMs(1);
        wallMs.addAndGet(3_600_000);
        nanos.addAndGet(5_000_000);
        assertThat(clock.nowMs(1)).isEqualTo(1_000_005);
    }

    @Test
    void aNewTermGoesOnFromTheTimeOfTheShard() {
        shardMs.set(500);
        assertThat(clock.nowMs(4)).isEqualTo(500);
        nanos.addAndGet(20_000_000);
        assertThat(clock.nowMs(4)).isEqualTo(520);
        // Another store led meanwhile; its time is what was applied.
        shardMs.set(900);
        nanos.addAndGet(60_000_000_000L);
        assertThat(clock.nowMs(6)).isEqualTo(900);
    }
}
