package dev.ashlar.store.scalein;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import dev.ashlar.store.membership.Membership.Leave;

import static org.assertj.core.api.Assertions.assertThat;

class ScaleInTest {
    private static final Leave GRANTED = new Leave.Granted();
    private static final Leave REFUSED = new Leave.Refused("only 2 stores would be left");
    private static final Leave UNANSWERED = new Leave.Unanswered("no coordinator was found");

    @Test
    void coordinatorsThatDoNotAnswerAreAskedAgainUntilTheyDo() throws InterruptedException {
        assertThat(ask(9, UNANSWERED, UNANSWERED, GRANTED)).isEmpty();
        assertThat(ask(9, UNANSWERED, REFUSED, GRANTED))
                .as("a refusal is an answer")
                .isEqualTo("only 2 stores would be left");
    }

    @Test
    void theTimeToAskEnds() throws InterruptedException {
        assertThat(ask(1, UNANSWERED, UNANSWERED, GRANTED)).isEqualTo("no coordinator was found");
    }

    private static String ask(int again, Leave... answers) throws InterruptedException {
        Queue<Leave> line = new ArrayDeque<>(List.of(answers));
        AtomicInteger left = new AtomicInteger(again);
        return ScaleIn.ask(line::remove, () -> left.getAndDecrement() > 0);
    }
}
