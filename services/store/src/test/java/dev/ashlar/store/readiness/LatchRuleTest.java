package dev.ashlar.store.readiness;

import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import dev.ashlar.common.cluster.LatchAdvice;
import dev.ashlar.store.readiness.LatchRule.Decision;
import dev.ashlar.store.readiness.LatchRule.Situation;
import dev.ashlar.store.readiness.Progress.Standing;

import static org.assertj.core.api.Assertions.assertThat;

class LatchRuleTest {
    private static final List<String> CAUGHT_UP = List.of();
    private static final List<String> BEHIND = List.of("shard 1: no leader");
    private static final Optional<LatchAdvice> WHOLE = advice("");
    private static final Optional<LatchAdvice> MISSING = advice("", "shard 0: store-1 is down");
    private static final Optional<LatchAdvice> LASTING =
            advice("a lasting loss: store-1 went down long ago", "shard 0: store-1 is down");

    @Test
    void itIsClosedWhileTheOwnReplicasGetOnWhateverElseIsSaid() {
        assertThat(LatchRule.decide(new Situation(BEHIND, 0, true, WHOLE, 0, 0, 300_000)))
                .isEqualTo(new Decision.Closed(BEHIND));
        assertThat(LatchRule.decide(new Situation(BEHIND, 299_999, true, LASTING, 99_000, 999_000, 300_000)))
                .isEqualTo(new Decision.Closed(BEHIND));
    }

    @Test
    void ownReplicasThatStandStillHoldItNoLongerThanTheTimeout() {
        assertThat(LatchRule.decide(new Situation(BEHIND, 300_000, true, MISSING, 0, 0, 300_000)))
                .isEqualTo(new Decision.Open(
                        "the own replicas have not got on for 300 s, which is the timeout:" + " shard 1: no leader"));
    }

    @Test
    void whatGoesOnInReplicasThatLackNothingIsNoProgressOfTheOthers() {
        Progress progress = new Progress();
        for (int second = 0; second < 60; second++) {
            List<Standing> standings =
                    List.of(new Standing(0, false, 0, 70), new Standing(1, true, 3, 1_000 + 500L * second));
            assertThat(progress.standstillMs(standings, 10_000 + 1_000L * second))
                    .isEqualTo(1_000L * second);
        }
        assertThat(progress.standstillMs(List.of(new Standing(0, true, 900, 70)), 80_000))
                .as("it has a leader")
                .isZero();
    }

    @Test
    void everyStepOnIsProgressAndBeginsTheTimeAnew() {
        Progress progress = new Progress();
        assertThat(progress.standstillMs(List.of(new Standing(0, true, 500, 1_000)), 10_000))
                .isZero();
        assertThat(progress.standstillMs(List.of(new Standing(0, true, 500, 1_000)), 15_000))
                .isEqualTo(5_000);
        assertThat(progress.standstillMs(List.of(new Standing(0, true, 400, 1_000)), 16_000))
                .as("fewer entries lacked")
                .isZero();
        assertThat(progress.standstillMs(List.of(new Standing(0, true, 900, 1_001)), 17_000))
                .as("entries were applied")
                .isZero();
        assertThat(progress.standstillMs(List.of(new Standing(0, true, 500, 900)), 18_000))
                .as("back and forth is none")
                .isEqualTo(1_000);
        assertThat(progress.standstillMs(List.of(new Standing(0, false, 400, 1_001)), 19_000))
                .isEqualTo(2_000);
        assertThat(progress.standstillMs(List.of(new Standing(0, true, 0, 1_001)), 20_000))
                .as("none is behind")
                .isZero();
    }

    @Test
    void aReplicaThatGetsOnIsWaitedForWhileAnotherLosesItsLeaderNowAndThen() {
        Progress progress = new Progress();
        for (int second = 0; second < 600; second++) {
            Standing getsOn = new Standing(0, true, 50_000, 500_000 + second);
            Standing flaps = new Standing(1, second % 10 != 5, 0, 900_000 + second);
            assertThat(progress.standstillMs(List.of(getsOn, flaps), 1_000L * second))
                    .isZero();
        }
    }

    @Test
    void aBusyReplicaThatIsBehindNowAndThenDoesNotHideOneThatStandsStill() {
        Progress progress = new Progress();
        long longest = 0;
        for (int second = 0; second < 600; second++) {
            Standing stands = new Standing(0, false, 0, 70);
            Standing busy = new Standing(1, true, second % 3 == 0 ? 500 : 3, 1_000 + 900L * second);
            longest = Math.max(longest, progress.standstillMs(List.of(stands, busy), 1_000L * second));
        }
        assertThat(longest).isEqualTo(599_000);
    }

    @Test
    void itOpensAtFullStrength() {
        assertThat(decide(true, WHOLE, 0, 0)).isEqualTo(new Decision.Open(""));
        assertThat(decide(true, MISSING, 0, 299_999))
                .isEqualTo(new Decision.Closed(List.of("shard 0: store-1 is down")));
    }

    @Test
    void itOpensEarlyWhenTheCoordinatorSaysSo() {
        assertThat(decide(true, LASTING, 0, 0))
                .isEqualTo(new Decision.Open("a lasting loss: store-1 went down long ago"));
    }

    @Test
    void itOpensByItselfAfterTheTimeout() {
        assertThat(decide(true, MISSING, 0, 300_000))
                .isEqualTo(new Decision.Open("closed for 300 s, which is the timeout: shard 0: store-1 is down"));
    }

    @Test
    void coordinatorsThatAreAllGoneHoldNobodyUpForLong() {
        assertThat(decide(false, Optional.empty(), LatchRule.SILENCE_MS - 1, 0)).isInstanceOf(Decision.Closed.class);
        assertThat(decide(false, Optional.empty(), LatchRule.SILENCE_MS, 0))
                .isEqualTo(new Decision.Open("no coordinator has answered for 30 s"));
        assertThat(decide(true, MISSING, LatchRule.SILENCE_MS, 0))
                .isEqualTo(new Decision.Open("no coordinator has answered for 30 s"));
    }

    @Test
    void aCoordinatorThatKnowsNoLatchLeavesItOpen() {
        assertThat(decide(true, Optional.empty(), 0, 0)).isEqualTo(new Decision.Open(""));
        assertThat(decide(false, Optional.empty(), 0, 0)).isInstanceOf(Decision.Closed.class);
    }

    private static Decision decide(boolean answered, Optional<LatchAdvice> advice, long silentMs, long closedMs) {
        return LatchRule.decide(new Situation(CAUGHT_UP, 0, answered, advice, silentMs, closedMs, 300_000));
    }

    private static Optional<LatchAdvice> advice(String open, String... missing) {
        return Optional.of(new LatchAdvice(List.of(missing), open));
    }
}
