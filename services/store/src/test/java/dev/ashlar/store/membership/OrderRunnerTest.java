package dev.ashlar.store.membership;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;

import dev.ashlar.common.cluster.Order;
import dev.ashlar.common.cluster.ReplicaInfo;
import dev.ashlar.raft.Command;
import dev.ashlar.raft.GroupStatus;
import dev.ashlar.raft.Member;
import dev.ashlar.raft.ReplicatedGroup;
import dev.ashlar.store.replica.LeaderClock;
import dev.ashlar.store.replica.Replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

class OrderRunnerTest {
    private static final Member SELF = new Member("store-0.0000000000000001", 1);
    private static final Member TARGET = new Member("store-1.0000000000000001", 2);
    private static final Member THIRD = new Member("store-2.0000000000000001", 3);

    @Test
    void aLeaderHandsOver() throws Exception {
        FakeGroup group = new FakeGroup(GroupStatus.Role.LEADER, Optional.of(SELF));
        OrderRunner.transfer(replica(group), TARGET);
        assertThat(group.transfers).hasValue(1);
    }

    @Test
    void aTransferThatComesAgainAfterItSucceededHasNotFailed() {
        for (Optional<Member> leader : List.of(Optional.of(TARGET), Optional.<Member>empty(), Optional.of(THIRD))) {
            FakeGroup group = new FakeGroup(GroupStatus.Role.FOLLOWER, leader);
            assertThatCode(() -> OrderRunner.transfer(replica(group), TARGET))
                    .as("leader now: %s", leader)
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void anOrderThatWasGivenUpWhileItWaitedIsNotDone() {
        ControlledThread thread = new ControlledThread();
        OrderRunner runner = new OrderRunner(null, thread);
        Order order = new Order(7, "unheard_of", 0, new ReplicaInfo(TARGET.nodeId(), 2, "voter"), List.of());
        runner.take(List.of(order));
        runner.take(List.of());
        thread.runAll();
        assertThat(runner.results()).isEmpty();

        runner.take(List.of(order));
        runner.take(List.of(order));
        thread.runAll();
        assertThat(runner.results()).singleElement().satisfies(result -> {
            assertThat(result.id()).isEqualTo(7);
            assertThat(result.ok()).isFalse();
        });
    }

    /** Runs what it was given when it is told to. */
    private static final class ControlledThread extends AbstractExecutorService {
        private final List<Runnable> tasks = new ArrayList<>();

        void runAll() {
            tasks.forEach(Runnable::run);
            tasks.clear();
        }

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        @Override
        public void shutdown() {}

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return true;
        }
    }

    private static Replica replica(ReplicatedGroup group) {
        return new Replica(0, SELF, group, null, new LeaderClock(() -> 0L));
    }

    /** Refuses what only a leader can do. */
    private record FakeGroup(GroupStatus.Role role, Optional<Member> leader, AtomicInteger transfers)
            implements ReplicatedGroup {
        private FakeGroup(GroupStatus.Role role, Optional<Member> leader) {
            this(role, leader, new AtomicInteger());
        }

        @Override
        public GroupStatus status() {
            List<Member> voters = List.of(SELF, TARGET, THIRD);
            return new GroupStatus(0, SELF, role, 5, leader, 9, 9, 9, 0, voters, List.of(), Map.of());
        }

        @Override
        public CompletableFuture<Void> transferLeadership(Member target) {
            if (role != GroupStatus.Role.LEADER) {
                return CompletableFuture.failedFuture(new IllegalStateException("this replica does not lead"));
            }
            transfers.incrementAndGet();
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void submit(Command command) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean leaseValid() {
            return false;
        }

        @Override
        public void readBarrier(Runnable ready, Consumer<Command.Failure> failed) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long stalenessMs() {
            return 0;
        }

        @Override
        public CompletableFuture<Void> addLearner(Member learner) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Void> promote(Member member) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Void> remove(Member member) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String fault() {
            return "";
        }

        @Override
        public String logDamage() {
            return "";
        }
    }
}
