package dev.ashlar.store.kv;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.ashlar.common.error.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;

/** Who holds a lock, until when, and which writes its fence lets through. */
class LockTableTest {
    private static final long TTL_MS = 10_000;
    private final KvFixture kv = fixture();

    private static KvFixture fixture() {
        try {
            return new KvFixture();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @AfterEach
    void close() throws IOException {
        kv.close();
    }

    private KvResult lock(String owner) throws IOException {
        return kv.one(new KvCommand.Lock("l", owner, TTL_MS));
    }

    private KvResult write(long token) throws IOException {
        List<KvResult> results = new ArrayList<>();
        KvSubmission plain = kv.submission(KvFixture.put("k", "v"), Optional.empty(), results);
        kv.run(List.of(KvSubmission.of(
                plain.command(), kv.nowMs, Optional.empty(), Optional.of(new Fence("l", token)), new KvCallback() {
                    @Override
                    public void applied(KvResult result) {
                        results.add(result);
                    }

                    @Override
                    public void failed(dev.ashlar.raft.Command.Failure failure) {
                        throw new AssertionError(failure);
                    }
                })));
        return results.getFirst();
    }

    private static void assertFenced(KvResult result) {
        assertThat(result).isInstanceOfSatisfying(KvResult.Rejected.class, rejected -> assertThat(rejected.code())
                .isEqualTo(ErrorCode.FENCED));
    }

    @Test
    void oneOwnerHoldsItUntilItIsReleased() throws IOException {
        assertThat(lock("a")).isEqualTo(new KvResult.LockHeld(1, true));
        kv.nowMs += 1_000;
        assertThat(lock("b")).isEqualTo(new KvResult.LockRefused("a", 1, TTL_MS - 1_000));
        assertThat(kv.one(new KvCommand.Unlock("l", "b"))).isInstanceOf(KvResult.LockRefused.class);
        assertThat(kv.one(new KvCommand.Unlock("l", "a"))).isEqualTo(new KvResult.Deleted(2));
        assertThat(kv.one(new KvCommand.Unlock("l", "a"))).isEqualTo(new KvResult.NotFound());
        assertThat(lock("b")).isEqualTo(new KvResult.LockHeld(3, true));
    }

    @Test
    void prolongingKeepsTheTokenAndTakesNoRevision() throws IOException {
        lock("a");
        kv.nowMs += TTL_MS - 1;
        assertThat(lock("a")).isEqualTo(new KvResult.LockHeld(1, false));
        assertThat(kv.shard.revision()).isEqualTo(1);
        kv.nowMs += TTL_MS - 1;
        assertThat(lock("b")).isEqualTo(new KvResult.LockRefused("a", 1, 1));
    }

    @Test
    void aLockWhoseTimeHasRunOutGoesToTheNextWithALargerToken() throws IOException {
        lock("a");
        kv.nowMs += TTL_MS;
        assertThat(lock("b")).isEqualTo(new KvResult.LockHeld(2, true));
        assertFenced(write(1));
        assertThat(write(2)).isInstanceOf(KvResult.Written.class);
    }

    @Test
    void theFirstOwnerToComeBackLateGetsANewToken() throws IOException {
        lock("a");
        kv.nowMs += TTL_MS;
        assertThat(lock("a")).isEqualTo(new KvResult.LockHeld(2, true));
        assertFenced(write(1));
    }

    @Test
    void aFenceOfAReleasedLockIsRefused() throws IOException {
        lock("a");
        assertThat(write(1)).isInstanceOf(KvResult.Written.class);
        kv.one(new KvCommand.Unlock("l", "a"));
        assertFenced(write(1));
    }

    @Test
    void expiryComesThroughTheLogAndNeverBeforeItsTime() throws IOException {
        lock("a");
        long end = kv.nowMs + TTL_MS;
        assertThat(kv.shard.nextExpiryMs()).isEqualTo(end);
        assertThat(kv.shard.dueExpiries(end - 1, 10)).isEmpty();
        assertThat(kv.shard.dueExpiries(end, 10)).containsExactly(new KvCommand.ExpireLock("l", 1));
        // Early, by a leader that is wrong about the time: it does nothing.
        assertThat(kv.one(new KvCommand.ExpireLock("l", 1))).isInstanceOf(KvResult.PreconditionFailed.class);
        kv.nowMs = end;
        assertThat(kv.one(new KvCommand.ExpireLock("l", 1))).isEqualTo(new KvResult.Deleted(2));
        assertThat(kv.shard.nextExpiryMs()).isEqualTo(Long.MAX_VALUE);
        assertThat(kv.one(new KvCommand.ExpireLock("l", 1))).isEqualTo(new KvResult.NotFound());
    }

    @Test
    void aReplicaThatRestartsKnowsWhoHoldsIt() throws IOException {
        lock("a");
        kv.reopen();
        assertThat(lock("b")).isInstanceOf(KvResult.LockRefused.class);
    }
}
