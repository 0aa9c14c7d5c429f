package dev.ashlar.store.forward;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;

import dev.ashlar.common.cluster.ReplicaInfo;
import dev.ashlar.common.cluster.ShardInfo;
import dev.ashlar.raft.Command;
import dev.ashlar.raft.GroupStatus;
import dev.ashlar.raft.Member;
import dev.ashlar.raft.ReplicatedGroup;
import dev.ashlar.store.membership.ClusterMap;
import dev.ashlar.store.replica.Replica;
import dev.ashlar.store.replica.Replicas;

import static org.assertj.core.api.Assertions.assertThat;

/** Whom a store turns to for a shard. */
class LeadersTest {
    private static final String SELF = "store-0.a";

    /** The coordinators know of no replica here. */
    private boolean nobodyHere;

    @Test
    void theLocalReplicaKnowsBest() {
        assertThat(address(replica(GroupStatus.Role.FOLLOWER, "store-1.b"), "store-2.c"))
                .isEqualTo("store-1.b:8080");
        assertThat(address(replica(GroupStatus.Role.CANDIDATE, ""), "store-2.c"))
                .as("it is electing one")
                .isEmpty();
    }

    @Test
    void aReplicaThatHasStoppedCountsAsNone() {
        // It still takes itself for the leader, or knows one of long ago.
        for (String stale : new String[] {SELF, "store-1.b", ""}) {
            Optional<Replica> stopped = replica(GroupStatus.Role.STOPPED, stale);
            assertThat(address(stopped, "store-2.c")).isEqualTo("store-2.c:8080");
            assertThat(address(stopped, "")).as("any other voter").isEqualTo("store-1.b:8080");
        }
    }

    @Test
    void aReplicaThatHearsNothingAndDoesNotVoteIsNotWaitedFor() {
        assertThat(address(replica(GroupStatus.Role.LEARNER, "", List.of()), "store-2.c"))
                .as("it is new")
                .isEqualTo("store-2.c:8080");
        nobodyHere = true;
        assertThat(address(replica(GroupStatus.Role.FOLLOWER, ""), "store-2.c"))
                .as("it was removed and has not heard of it")
                .isEqualTo("store-2.c:8080");
    }

    @Test
    void withoutAReplicaTheCoordinatorIsBelievedThenAnyVoterAsked() {
        assertThat(address(Optional.empty(), "store-2.c")).isEqualTo("store-2.c:8080");
        assertThat(address(Optional.empty(), "")).isEqualTo("store-1.b:8080");
    }

    @Test
    void aShardHasMovedWhenItGotAnotherLeaderSinceAndNotWhenThisStoreKnewLess() {
        String asked = "store-1.b:8080";
        assertThat(leaders(replica(GroupStatus.Role.FOLLOWER, "store-2.c"), "store-1.b")
                        .hasMovedFrom(0, asked, "store-1.b"))
                .isTrue();
        assertThat(leaders(replica(GroupStatus.Role.LEADER, SELF), "store-1.b").hasMovedFrom(0, asked, "store-1.b"))
                .as("to this store itself")
                .isTrue();
        assertThat(leaders(Optional.empty(), "store-2.c").hasMovedFrom(0, asked, "store-1.b"))
                .as("a coordinator says so")
                .isTrue();
        assertThat(leaders(replica(GroupStatus.Role.CANDIDATE, ""), "store-2.c").hasMovedFrom(0, asked, "store-1.b"))
                .as("nobody is elected yet")
                .isFalse();
        assertThat(leaders(Optional.empty(), "store-2.c").hasMovedFrom(0, asked, "store-2.c"))
                .as("store-2 named store-1, which this store does not know to lead yet")
                .isFalse();
        assertThat(leaders(Optional.empty(), "store-1.b").hasMovedFrom(0, asked, "store-2.c"))
                .as("now it does")
                .isFalse();
    }

    private String address(Optional<Replica> local, String reported) {
        return leaders(local, reported).address(0);
    }

    private Leaders leaders(Optional<Replica> local, String reported) {
        ClusterMap map = new ClusterMap() {
            @Override
            public String reportedLeader(int shard) {
                return reported;
            }

            @Override
            public String httpAddress(String nodeId) {
                return nodeId + ":8080";
            }

            @Override
            public Optional<ShardInfo> shard(int shard) {
                List<ReplicaInfo> replicas = List.of(
                        new ReplicaInfo(nobodyHere ? "store-4.e" : SELF, 1, "voter"),
                        new ReplicaInfo("store-3.d", 4, "learner"),
                        new ReplicaInfo("store-1.b", 2, "voter"),
                        new ReplicaInfo("store-2.c", 3, "voter"));
                return Optional.of(new ShardInfo(shard, 1, replicas, 0, 1, 1, 0));
            }
        };
        Replicas replicas = new Replicas() {
            @Override
            public Replica of(int shard) {
                return local.orElse(null);
            }

            @Override
            public String nodeId() {
                return SELF;
            }
        };
        return new Leaders(map, replicas);
    }

    private static Optional<Replica> replica(GroupStatus.Role role, String leader) {
        return replica(role, leader, List.of(new Member(SELF, 1)));
    }

    private static Optional<Replica> replica(GroupStatus.Role role, String leader, List<Member> voters) {
        Member local = new Member(SELF, 1);
        GroupStatus status = new GroupStatus(
                0,
                local,
                role,
                1,
                leader.isEmpty() ? Optional.empty() : Optional.of(new Member(leader, 9)),
                0,
                0,
                0,
                0,
                voters,
                List.of(),
                Map.of());
        // Nobody reads its keys or its clock here.
        return Optional.of(new Replica(0, local, new Told(status), null, null));
    }

    /** A group that says one thing. */
    private record Told(GroupStatus status) implements ReplicatedGroup {
        @Override
        public void submit(Command command) {
            throw new AssertionError();
        }

        @Override
        public boolean leaseValid() {
            return false;
        }

        @Override
        public void readBarrier(Runnable ready, Consumer<Command.Failure> failed) {
            throw new AssertionError();
        }

        @Override
        public long stalenessMs() {
            return 0;
        }

        @Override
        public CompletableFuture<Void> transferLeadership(Member target) {
            throw new AssertionError();
        }

        @Override
        public CompletableFuture<Void> addLearner(Member learner) {
            throw new AssertionError();
        }

        @Override
        public CompletableFuture<Void> promote(Member member) {
            throw new AssertionError();
        }

        @Override
        public CompletableFuture<Void> remove(Member member) {
            throw new AssertionError();
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
