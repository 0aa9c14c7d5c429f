package dev.ashlar.bench.watch;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DeliveriesTest {
    @Test
    void lastWatcherIsTheOneThatCounts() {
        Deliveries deliveries = new Deliveries(2, 10, 12);
        deliveries.delivered(9, 1_000_000);
        deliveries.delivered(10, 1_000_000);
        deliveries.delivered(10, 8_000_000);
        deliveries.delivered(11, 2_000_000);
        deliveries.delivered(11, 4_000_000);
        deliveries.delivered(12, 1_000_000);
        assertThat(deliveries.count()).isEqualTo(4);
        assertThat(deliveries.wrong()).isZero();
        assertThat(deliveries.last().getTotalCount()).isEqualTo(2);
        assertThat(deliveries.last().getMaxValue() / 100_000).isEqualTo(80);
    }

    @Test
    void lostAndDoubledEventsAreSeen() {
        Deliveries deliveries = new Deliveries(2, 0, 3);
        deliveries.delivered(0, 1);
        deliveries.delivered(1, 1);
        deliveries.delivered(1, 1);
        deliveries.delivered(1, 1);
        assertThat(deliveries.wrong()).isEqualTo(1 + 1 + 2);
    }
}
