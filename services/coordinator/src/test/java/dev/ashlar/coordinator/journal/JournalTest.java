package dev.ashlar.coordinator.journal;

import java.util.List;

import org.junit.jupiter.api.Test;

import dev.ashlar.common.cluster.Event;

import static org.assertj.core.api.Assertions.assertThat;

class JournalTest {
    @Test
    void keepsTheNewestAndGivesThemInPages() {
        Journal journal = new Journal(10);
        assertThat(journal.after(0, 5)).isEmpty();
        assertThat(journal.newestId()).isZero();
        for (long id = 1; id <= 25; id++) {
            journal.append(List.of(event(id)));
        }
        assertThat(journal.after(0, 100))
                .extracting(Event::id)
                .hasSize(10)
                .startsWith(16L)
                .endsWith(25L);
        assertThat(journal.after(20, 2)).extracting(Event::id).containsExactly(21L, 22L);
        assertThat(journal.after(25, 5)).isEmpty();
        assertThat(journal.after(Long.MAX_VALUE, 5)).isEmpty();
        assertThat(journal.newestId()).isEqualTo(25);
        journal.reset(List.of(event(7)));
        assertThat(journal.after(0, 5)).extracting(Event::id).containsExactly(7L);
    }

    private static Event event(long id) {
        return new Event(id, id, "note", "x", "");
    }
}
