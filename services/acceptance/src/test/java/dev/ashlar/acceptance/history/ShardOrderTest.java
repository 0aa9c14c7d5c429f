package dev.ashlar.acceptance.history;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ShardOrderTest {
    @Test
    void acceptsRevisionsInTheOrderOfTime() {
        assertThat(ShardOrder.problems(List.of(write("a", 1, 0, 10), write("b", 3, 5, 20), write("c", 2, 5, 20))))
                .isEmpty();
    }

    @Test
    void refusesOneRevisionForTwoWrites() {
        assertThat(ShardOrder.problems(List.of(write("a", 4, 0, 10), write("b", 4, 5, 20))))
                .singleElement()
                .asString()
                .contains("one revision");
    }

    @Test
    void refusesALaterWriteWithASmallerRevision() {
        assertThat(ShardOrder.problems(List.of(write("a", 4, 0, 10), write("b", 3, 11, 20))))
                .singleElement()
                .asString()
                .contains("smaller revision");
    }

    private static Operation write(String key, long revision, long invoke, long ret) {
        return new Operation(0, key, new Call.Put(revision), new Outcome.Written(revision, false), invoke, ret);
    }
}
