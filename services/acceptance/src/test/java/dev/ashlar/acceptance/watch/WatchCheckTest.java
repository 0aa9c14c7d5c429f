package dev.ashlar.acceptance.watch;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.ashlar.acceptance.history.Call;
import dev.ashlar.acceptance.history.Operation;
import dev.ashlar.acceptance.history.Outcome;

import static org.assertj.core.api.Assertions.assertThat;

/** The checker finds what a watch must not do. */
class WatchCheckTest {
    private static final List<Seen> TOLD =
            List.of(new Seen(0, 1, "a", 10), new Seen(0, 2, "b", 11), new Seen(0, 3, "a", -1));
    private static final List<Operation> WRITES = List.of(
            new Operation(1, "a", new Call.Put(10), new Outcome.Written(1, true), 1, 2),
            new Operation(1, "b", new Call.Put(11), new Outcome.Written(2, true), 3, 4),
            new Operation(1, "a", new Call.Delete(), new Outcome.Deleted(3), 5, 6),
            new Operation(1, "a", new Call.Put(12), new Outcome.Unknown(), 7, 8));

    private static List<String> problems(List<Seen> told) {
        return WatchCheck.problems(List.of(TOLD, told), WRITES, 1);
    }

    @Test
    void findsNothingWhereNothingIs() {
        assertThat(problems(TOLD)).isEmpty();
        // One that began later.
        assertThat(problems(TOLD.subList(1, 3))).isEmpty();
    }

    @Test
    void findsALostEvent() {
        assertThat(problems(List.of(TOLD.get(0), TOLD.get(2)))).hasSize(1);
        assertThat(WatchCheck.problems(List.of(TOLD.subList(0, 2)), WRITES, 1)).hasSize(1);
    }

    @Test
    void findsADoubledEvent() {
        List<Seen> doubled = new ArrayList<>(TOLD);
        doubled.add(1, TOLD.getFirst());
        assertThat(problems(doubled)).isNotEmpty();
    }

    @Test
    void findsEventsOutOfOrder() {
        assertThat(problems(List.of(TOLD.get(1), TOLD.get(0), TOLD.get(2)))).isNotEmpty();
    }

    @Test
    void findsAWrongValue() {
        assertThat(problems(List.of(TOLD.get(0), new Seen(0, 2, "b", 12)))).isNotEmpty();
        assertThat(WatchCheck.problems(List.of(List.of(new Seen(0, 1, "c", 10))), WRITES.subList(0, 1), 1))
                .hasSize(1);
    }
}
