package dev.ashlar.acceptance.history;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The checker accepts what a correct store answers, with overlaps and lost answers, and catches planted bugs. */
class KeyCheckerTest {
    private static final int HISTORIES = 100;

    private final List<Operation> operations = new ArrayList<>();

    @Test
    void acceptsEveryHistoryOfACorrectStore() {
        for (int seed = 0; seed < HISTORIES; seed++) {
            List<Operation> history = new SimulatedStore(seed, SimulatedStore.Bug.NONE, 0).run(8, 60);
            assertThat(KeyChecker.check(history)).as("seed %d", seed).isInstanceOf(Verdict.Linearizable.class);
        }
    }

    @ParameterizedTest
    @EnumSource(value = SimulatedStore.Bug.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void catchesPlantedBugs(SimulatedStore.Bug bug) {
        int planted = 0;
        int caught = 0;
        for (int seed = 0; seed < HISTORIES; seed++) {
            SimulatedStore store = new SimulatedStore(seed, bug, 20);
            List<Operation> history = store.run(4, 60);
            if (store.planted()) {
                planted++;
                caught += KeyChecker.check(history) instanceof Verdict.Violation ? 1 : 0;
            }
        }
        // A bug that no client can have noticed is not a violation: a lost put that the next one covers, for example.
        assertThat(planted).isGreaterThan(HISTORIES / 2);
        assertThat((double) caught / planted).as("share of planted bugs caught").isGreaterThan(0.5);
    }

    @Test
    void explainsALostWrite() {
        add(0, 10, new Call.Put(1), new Outcome.Written(1, true));
        add(20, 30, new Call.Put(2), new Outcome.Written(2, false));
        add(40, 50, new Call.Get(), new Outcome.Found(1, 1));
        assertThat(KeyChecker.check(operations))
                .isInstanceOfSatisfying(Verdict.Violation.class, violation -> assertThat(violation.explanation())
                        .contains("value 2 at revision 2")
                        .contains("Found[value=1, revision=1]"));
    }

    @Test
    void anUnansweredWriteMayComeLate() {
        add(0, 10, new Call.Put(1), new Outcome.Written(1, true));
        add(11, 20, new Call.Put(2), new Outcome.Unknown());
        add(30, 40, new Call.Get(), new Outcome.Found(1, 1));
        add(50, 60, new Call.Get(), new Outcome.Found(2, 2));
        assertLinearizable();
    }

    @Test
    void anUnansweredWriteMayNotCome() {
        add(0, 10, new Call.Put(1), new Outcome.Written(1, true));
        add(11, 20, new Call.Delete(), new Outcome.Unknown());
        add(30, 40, new Call.Get(), new Outcome.Found(1, 1));
        assertLinearizable();
    }

    @Test
    void anUnansweredWriteDoesNotComeTwice() {
        add(0, 10, new Call.Put(1), new Outcome.Written(1, true));
        add(11, 20, new Call.Put(2), new Outcome.Unknown());
        add(30, 40, new Call.Get(), new Outcome.Found(2, 2));
        add(50, 60, new Call.Put(3), new Outcome.Written(3, false));
        add(70, 80, new Call.Get(), new Outcome.Found(2, 4));
        assertThat(KeyChecker.check(operations)).isInstanceOf(Verdict.Violation.class);
    }

    @Test
    void anUnansweredDeleteExplainsACreation() {
        add(0, 10, new Call.Put(1), new Outcome.Written(1, true));
        add(11, 20, new Call.Delete(), new Outcome.Unknown());
        add(30, 40, new Call.Create(2), new Outcome.Written(3, true));
        assertLinearizable();
    }

    @Test
    void aCreationNeedsAnAbsentKey() {
        add(0, 10, new Call.Put(1), new Outcome.Written(1, true));
        add(30, 40, new Call.Create(2), new Outcome.Written(2, true));
        assertThat(KeyChecker.check(operations)).isInstanceOf(Verdict.Violation.class);
    }

    @Test
    void aRevealedRevisionCounts() {
        add(0, 10, new Call.Put(1), new Outcome.Written(5, true));
        add(20, 30, new Call.PutAt(2, 3), new Outcome.Mismatch(4));
        assertThat(KeyChecker.check(operations)).isInstanceOf(Verdict.Violation.class);
    }

    @Test
    void twoCompareAndSetsOfOneRevisionCannotBothSucceed() {
        add(0, 10, new Call.Put(1), new Outcome.Written(1, true));
        add(20, 60, new Call.PutAt(2, 1), new Outcome.Written(2, false));
        add(20, 60, new Call.PutAt(3, 1), new Outcome.Written(3, false));
        assertThat(KeyChecker.check(operations)).isInstanceOf(Verdict.Violation.class);
    }

    @Test
    void overlappingOperationsMayHaveEitherOrder() {
        add(0, 100, new Call.Put(1), new Outcome.Written(2, false));
        add(0, 100, new Call.Put(2), new Outcome.Written(1, true));
        add(10, 90, new Call.Get(), new Outcome.Absent());
        assertLinearizable();
    }

    @Test
    void manyLostAnswersStayDecidable() {
        long at = 0;
        for (int i = 1; i <= 50; i++) {
            add(at, at + 5, new Call.Put(1000 + i), new Outcome.Unknown());
            add(at + 1, at + 6, new Call.Delete(), new Outcome.Unknown());
            add(at + 10, at + 20, new Call.Put(i), new Outcome.Written(10L * i, i % 3 == 0 || i == 1));
            add(at + 30, at + 40, new Call.Get(), new Outcome.Found(i, 10L * i));
            at += 50;
        }
        assertLinearizable();
        add(at, at + 10, new Call.Get(), new Outcome.Found(7, 70));
        assertThat(KeyChecker.check(operations)).isNotInstanceOf(Verdict.Linearizable.class);
    }

    private void assertLinearizable() {
        assertThat(KeyChecker.check(operations)).isInstanceOf(Verdict.Linearizable.class);
    }

    private void add(long invoke, long ret, Call call, Outcome outcome) {
        operations.add(new Operation(operations.size(), "k", call, outcome, invoke, ret));
    }
}
