package dev.ashlar.raft.engine;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import io.vertx.core.Vertx;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.ashlar.raft.Command;
import dev.ashlar.raft.HostOptions;
import dev.ashlar.raft.Member;
import dev.ashlar.raft.ReplicatedGroup;

import static org.assertj.core.api.Assertions.assertThat;

/** Three hosts on real disks and sockets in one process. */
class HostsOnLoopbackTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int GROUPS = 3;

    @TempDir
    private Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final Executor flusher =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
    private final Map<String, String> addresses = new HashMap<>();
    private final List<Member> members = new ArrayList<>();
    private final MicroRaftHost[] hosts = new MicroRaftHost[3];
    private final ReplicatedGroup[][] groups = new ReplicatedGroup[3][GROUPS];
    private final SimState[][] states = new SimState[3][GROUPS];
    private final ConcurrentLinkedQueue<Long> acknowledged = new ConcurrentLinkedQueue<>();
    private long next = 1;

    @BeforeEach
    void startAll() throws IOException {
        for (int i = 0; i < 3; i++) {
            String id = "store-" + i + ".000000000000000" + i;
            members.add(new Member(id, i + 1));
            try (ServerSocket socket = new ServerSocket(0)) {
                addresses.put(id, "127.0.0.1:" + socket.getLocalPort());
            }
        }
        for (int i = 0; i < 3; i++) {
            start(i);
        }
    }

    @AfterEach
    void stopAll() throws IOException {
        for (MicroRaftHost host : hosts) {
            host.close();
        }
        vertx.close();
    }

    @Test
    void commandsAreReplicatedAndSurviveARestartOfEveryHostInTurn() throws IOException {
        for (int i = 0; i < 3; i++) {
            write(200);
            hosts[i].close();
            write(200);
            start(i);
        }
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
            for (int group = 0; group < GROUPS; group++) {
                long last = groups[leader(group)][group].status().appliedIndex();
                for (int i = 0; i < 3; i++) {
                    assertThat(groups[i][group].status().appliedIndex()).isEqualTo(last);
                }
            }
        });
        for (int group = 0; group < GROUPS; group++) {
            assertThat(states[1][group].applied()).isEqualTo(states[0][group].applied());
            assertThat(states[2][group].applied()).isEqualTo(states[0][group].applied());
        }
        List<Long> all = new ArrayList<>();
        for (int group = 0; group < GROUPS; group++) {
            all.addAll(states[0][group].applied());
        }
        assertThat(all).containsAll(acknowledged);
    }

    @Test
    void leadershipIsHandedOver() throws Exception {
        int from = leader(0);
        int to = (from + 1) % 3;
        groups[from][0].transferLeadership(members.get(to)).get(30, TimeUnit.SECONDS);
        Awaitility.await().atMost(PATIENCE).until(() -> groups[to][0].leaseValid());
        assertThat(groups[from][0].leaseValid()).isFalse();
    }

    @Test
    void aReadBarrierSucceedsOnTheLeaderOnly() {
        int leader = leader(1);
        ConcurrentLinkedQueue<String> told = new ConcurrentLinkedQueue<>();
        groups[leader][1].readBarrier(() -> told.add("ready"), failure -> told.add("failed"));
        groups[(leader + 1) % 3][1].readBarrier(() -> told.add("ready"), failure -> told.add("failed"));
        Awaitility.await().atMost(PATIENCE).until(() -> told.size() == 2);
        assertThat(told).containsExactlyInAnyOrder("ready", "failed");
    }

    /** MicroRaft writes the term once more when a replica ends; had the log forgotten the group by then, nobody would be told. */
    @Test
    void aReplicaThatIsDestroyedTellsThoseWhoWait() throws Exception {
        int leader = leader(0);
        for (int i = 0; i < 3; i++) {
            if (i != leader) {
                hosts[i].destroy(0).get(30, TimeUnit.SECONDS);
            }
        }
        long before = groups[leader][0].status().lastIndex();
        ConcurrentLinkedQueue<Command.Failure> told = new ConcurrentLinkedQueue<>();
        groups[leader][0].submit(new SimCommand(next++, () -> {}, told::add));
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> groups[leader][0].status().lastIndex() > before);
        hosts[leader].destroy(0).get(30, TimeUnit.SECONDS);
        assertThat(told).containsExactly(Command.Failure.UNKNOWN);
    }

    private void start(int i) throws IOException {
        Member local = members.get(i);
        String[] address = addresses.get(local.nodeId()).split(":");
        hosts[i] = MicroRaftHost.open(
                vertx,
                new HostOptions(
                        "4b9f3f0e-0000-4000-8000-000000000001",
                        local.nodeId(),
                        i + 1,
                        directory.resolve("node-" + i),
                        address[0],
                        Integer.parseInt(address[1]),
                        id -> addresses.getOrDefault(id, ""),
                        100,
                        1_000,
                        4 << 20,
                        1 << 20,
                        1 << 20));
        for (int group = 0; group < GROUPS; group++) {
            SimState old = states[i][group];
            SimState state = old == null ? new SimState(() -> {}) : old.crashed(() -> {});
            states[i][group] = state;
            groups[i][group] = hosts[i].start(group, local, members, List.of(), state);
        }
    }

    private int leader(int group) {
        return Awaitility.await()
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .until(
                        () -> {
                            for (int i = 0; i < 3; i++) {
                                if (groups[i][group].leaseValid()) {
                                    return i;
                                }
                            }
                            return -1;
                        },
                        i -> i >= 0);
    }

    /** Writes until so many more commands are acknowledged; failures are tried again under a new number. */
    private void write(int count) {
        int wanted = acknowledged.size() + count;
        for (int i = 0; i < count; i++) {
            submit(i % GROUPS);
        }
        Awaitility.await().atMost(PATIENCE).until(() -> acknowledged.size() >= wanted);
    }

    private synchronized void submit(int group) {
        long number = next++;
        int leader = leader(group);
        groups[leader][group].submit(new SimCommand(
                number, () -> acknowledged.add(number), failure -> flusher.execute(() -> submit(group))));
    }
}
