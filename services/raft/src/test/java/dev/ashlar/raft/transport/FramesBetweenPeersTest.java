package dev.ashlar.raft.transport;

import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.ashlar.common.Limits;
import dev.ashlar.common.dns.Names;
import dev.ashlar.raft.transport.TestPeers.Inbox;

import static dev.ashlar.raft.transport.TestPeers.A;
import static dev.ashlar.raft.transport.TestPeers.B;
import static dev.ashlar.raft.transport.TestPeers.C;
import static dev.ashlar.raft.transport.TestPeers.frame;
import static dev.ashlar.raft.transport.TestPeers.sendNow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class FramesBetweenPeersTest {
    private final TestPeers peers = new TestPeers();
    private final Inbox inboxA = new Inbox();
    private final Inbox inboxB = new Inbox();

    @AfterEach
    void close() {
        peers.close();
    }

    @Test
    void framesOfOnePeerArriveWholeAndInOrderBothWays() throws Exception {
        TcpTransport a = peers.start(A, inboxA);
        TcpTransport b = peers.start(B, inboxB);
        Random sizes = new Random(7);
        for (int turn = 0; turn < 200; turn++) {
            for (int i = 0; i < 10; i++) {
                a.send(B, frame(turn * 10 + i, 4 + sizes.nextInt(3_000)));
                b.send(A, frame(turn * 10 + i, 4 + sizes.nextInt(3_000)));
            }
            a.flush();
            b.flush();
        }
        List<Integer> expected = IntStream.range(0, 2_000).boxed().toList();
        await().untilAsserted(() -> assertThat(inboxB.frames).hasSize(2_000));
        await().untilAsserted(() -> assertThat(inboxA.frames).hasSize(2_000));
        assertThat(inboxB.numbers()).isEqualTo(expected);
        assertThat(inboxA.numbers()).isEqualTo(expected);
        assertThat(inboxB.frames).allMatch(f -> f.from().equals(A));
        assertThat(a.stats().framesDropped()).isZero();
        assertThat(a.isReachable(B)).isTrue();
        assertThat(a.isReachable(C)).isFalse();
        await().untilAsserted(
                        () -> assertThat(a.stats().peers().get(B).queuedBytes()).isZero());
    }

    @Test
    void aNameServerThatDoesNotAnswerHoldsNobodyUp() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        Names names = new Names(name -> {
            asked.countDown();
            await().until(() -> answered.getCount() == 0);
            throw new UnknownHostException(name);
        });
        TcpTransport a = peers.start(A, inboxA, C, "store-2.invalid:1", names);
        peers.start(B, inboxB);
        try {
            sendNow(a, C, frame(0, 4));
            asked.await();
            sendNow(a, B, frame(1, 4));
            await().until(() -> inboxB.numbers().equals(List.of(1)));
            assertThat(answered.getCount()).as("C is still being looked up").isOne();
        } finally {
            answered.countDown();
        }
        await().until(() -> a.stats().connectsFailed() > 0);
    }

    @Test
    void theFramesOfATurnLeaveInOneWrite() throws Exception {
        TcpTransport a = peers.start(A, inboxA);
        peers.start(B, inboxB);
        sendNow(a, B, frame(0, 4));
        await().until(() -> inboxB.frames.size() == 1);
        long before = a.stats().writes();
        for (int i = 0; i < 1_000; i++) {
            a.send(B, frame(i, 256));
        }
        a.flush();
        await().until(() -> inboxB.frames.size() == 1_001);
        assertThat(a.stats().writes() - before).isEqualTo(1);
    }

    @Test
    void aFrameOfTheLimitPassesAndALongerOneIsDropped() throws Exception {
        TcpTransport a = peers.start(A, inboxA);
        peers.start(B, inboxB);
        sendNow(a, B, frame(1, Limits.PEER_FRAME_BYTES_MAX));
        await().until(() -> inboxB.frames.size() == 1);
        assertThat(inboxB.frames.getFirst().bytes()).isEqualTo(Limits.PEER_FRAME_BYTES_MAX);
        sendNow(a, B, new byte[Limits.PEER_FRAME_BYTES_MAX + 1]);
        sendNow(a, B, new byte[0]);
        assertThat(a.stats().framesDropped()).isEqualTo(2);
    }

    @Test
    void orderHoldsAndResentFramesArriveWhileConnectionsBreak() throws Exception {
        TcpTransport a = peers.start(A, inboxA);
        peers.start(B, inboxB);
        int next = 0;
        for (int round = 0; round < 15; round++) {
            int target = next + 20;
            // As Raft does: sends on, and again what has not arrived.
            int from = next;
            await().pollInterval(Duration.ofMillis(5)).until(() -> {
                for (int number = from; number < target; number++) {
                    if (!inboxB.numbers().contains(number)) {
                        sendNow(a, B, frame(number, 500));
                    }
                }
                return inboxB.numbers()
                        .containsAll(IntStream.range(from, target).boxed().toList());
            });
            next = target;
            peers.firewall.link(A, B).breakConnections();
        }
        assertThat(a.stats().connects()).isGreaterThan(5);
        assertThat(inboxB.numbers())
                .containsAll(IntStream.range(0, next).boxed().toList());
    }

    @Test
    void withoutResendingWhatArrivesIsAnOrderedSubsequence() throws Exception {
        TcpTransport a = peers.start(A, inboxA);
        peers.start(B, inboxB);
        for (int number = 0; number < 6_000; number++) {
            sendNow(a, B, frame(number, 100));
            if (number % 600 == 599) {
                int seen = inboxB.frames.size();
                peers.firewall.link(A, B).breakConnections();
                int probe = number;
                await().pollInterval(Duration.ofMillis(2)).until(() -> {
                    sendNow(a, B, frame(probe, 100));
                    return inboxB.frames.size() > seen + 5 && a.isReachable(B);
                });
            }
        }
        assertThat(inboxB.numbers()).isSorted();
        // What was sent during a backoff is gone; each connection delivers at least what was waited for.
        assertThat(inboxB.frames.size()).isGreaterThan(50);
    }

    @Test
    void aPeerThatComesBackUnderAnotherPortIsFound() throws Exception {
        TcpTransport a = peers.start(A, inboxA);
        TcpTransport first = peers.start(B, inboxB);
        sendNow(a, B, frame(1, 4));
        await().until(() -> inboxB.frames.size() == 1);
        first.close();
        await().until(() -> !a.isReachable(B));
        Inbox reborn = new Inbox();
        peers.start(B, 2, TestPeers.CLUSTER, reborn, TestPeers.QUICK);
        await().until(() -> {
            sendNow(a, B, frame(2, 4));
            return !reborn.frames.isEmpty();
        });
    }

    @Test
    void aPeerThatComesBackIsDialledAtOnceAndTold() throws Exception {
        Timings patient = new Timings(2_000, 2_000, 500, 3_000, 60_000, 600_000, 600_000, 2_000);
        TcpTransport a = peers.start(A, 1, TestPeers.CLUSTER, inboxA, patient);
        sendNow(a, B, frame(0, 4));
        await().until(() -> a.stats().connectsFailed() == 1);
        assertThat(a.isReachable(B)).isFalse();

        TcpTransport b = peers.start(B, inboxB);
        b.reach(A);
        b.flush();
        await().until(() -> a.isReachable(B));
        await().until(() -> inboxA.reachable.equals(List.of(B)) && inboxB.reachable.equals(List.of(A)));
        sendNow(a, B, frame(1, 4));
        await().until(() -> inboxB.numbers().equals(List.of(1)));
    }

    @Test
    void framesToAnUnknownPeerAreDroppedAndCounted() throws Exception {
        TcpTransport a = peers.start(A, inboxA);
        for (int i = 0; i < 100; i++) {
            sendNow(a, C, frame(i, 1_000));
        }
        await().untilAsserted(() -> assertThat(a.stats().framesDropped()).isEqualTo(100));
        assertThat(a.stats().peers().get(C).queuedBytes()).isZero();
        assertThat(a.stats().peers().get(C).lastError()).contains("not known");
    }
}
