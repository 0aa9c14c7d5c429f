package dev.ashlar.raft.transport;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.ashlar.common.Limits;
import dev.ashlar.raft.transport.Handshake.Hello;
import dev.ashlar.raft.transport.Handshake.Purpose;
import dev.ashlar.raft.transport.TestPeers.Inbox;

import static dev.ashlar.raft.transport.TestPeers.A;
import static dev.ashlar.raft.transport.TestPeers.B;
import static dev.ashlar.raft.transport.TestPeers.CLUSTER;
import static dev.ashlar.raft.transport.TestPeers.QUICK;
import static dev.ashlar.raft.transport.TestPeers.frame;
import static dev.ashlar.raft.transport.TestPeers.sendNow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class HostilePeersTest {
    private static final String OTHER_CLUSTER = "99999999-2222-3333-4444-555555555555";

    private final TestPeers peers = new TestPeers();
    private final Inbox inboxB = new Inbox();

    @AfterEach
    void close() {
        peers.close();
    }

    @Test
    void aPeerOfAnotherClusterIsRefusedWithTheReason() throws Exception {
        peers.start(B, inboxB);
        TcpTransport stranger = peers.startHidden(A, 1, OTHER_CLUSTER, new Inbox());
        await().untilAsserted(() -> {
            sendNow(stranger, B, frame(1, 4));
            assertThat(stranger.stats().peers().get(B).lastError()).contains("another cluster");
        });
        assertThat(stranger.isReachable(B)).isFalse();
        assertThat(inboxB.frames).isEmpty();
    }

    @Test
    void aProcessWithAnOlderIncarnationIsRefusedAndItsOpenConnectionClosed() throws Exception {
        TcpTransport b = peers.start(B, inboxB);
        TcpTransport old = peers.start(A, 5, CLUSTER, new Inbox(), QUICK);
        sendNow(old, B, frame(1, 4));
        await().until(() -> inboxB.frames.size() == 1);
        TcpTransport next = peers.startHidden(A, 6, CLUSTER, new Inbox());
        await().until(() -> {
            sendNow(next, B, frame(2, 4));
            return inboxB.numbers().contains(2);
        });
        await().untilAsserted(() -> {
            sendNow(old, B, frame(3, 4));
            assertThat(old.stats().peers().get(B).lastError()).contains("older than 6");
        });
        assertThat(inboxB.numbers()).doesNotContain(3);
        assertThat(b.stats().connectionsRefused()).isPositive();
    }

    @Test
    void otherVersionsAddresseesAndDisksOfTheSameIncarnationAreRefused() throws Exception {
        TcpTransport b = peers.start(B, inboxB);
        byte[] version = hello(CLUSTER, A, 1, B);
        version[9] = 2;
        assertThat(answerTo(b, version).reason()).contains("protocol version 2");
        assertThat(answerTo(b, hello(CLUSTER, A, 1, A)).reason()).contains("this is " + B);
        assertThat(answerTo(b, hello(CLUSTER, A, 1, B)).accepted()).isTrue();
        String otherDisk = "store-0.00000000000000ff";
        assertThat(answerTo(b, hello(CLUSTER, otherDisk, 1, B)).reason()).contains("belongs to " + A);
        byte[] flipped = hello(CLUSTER, A, 1, B);
        flipped[20] ^= 1;
        assertThat(answerTo(b, flipped).reason()).contains("checksum");
    }

    @Test
    void twoHundredVariantsOfGarbageAreClosedAndARealPeerIsServed() throws Exception {
        TcpTransport b = peers.start(B, inboxB);
        Random random = new Random(42);
        for (int variant = 0; variant < 200; variant++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), b.port())) {
                socket.setSoTimeout(10_000);
                byte[] garbage = garbage(random, variant % 4);
                socket.getOutputStream().write(garbage);
                socket.shutdownOutput();
                socket.getInputStream().readAllBytes();
            } catch (SocketException e) {
                // reset: closed while garbage was still coming
            }
        }
        await().until(() -> b.stats().inboundConnections() == 0);
        assertThat(inboxB.frames).isEmpty();
        realPeerIsServed();
    }

    /** Pure noise, noise behind the magic, a damaged handshake, or noise behind a good one. */
    private static byte[] garbage(Random random, int kind) {
        byte[] noise = new byte[1 + random.nextInt(5_000)];
        random.nextBytes(noise);
        byte[] hello = hello(CLUSTER, A, 1, B);
        return switch (kind) {
            case 0 -> noise;
            case 1 -> joined(Handshake.MAGIC, noise);
            case 2 -> {
                hello[8 + random.nextInt(hello.length - 8)] ^= (byte) (1 << random.nextInt(8));
                yield hello;
            }
            default -> joined(hello, noise);
        };
    }

    @Test
    void aThousandIdleSocketsAreBoundedAndARealPeerIsServed() throws Exception {
        TcpTransport b = peers.start(B, inboxB);
        List<Socket> idle = new ArrayList<>();
        try {
            for (int i = 0; i < 1_000; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), b.port());
                socket.getOutputStream().write(Handshake.MAGIC, 0, i % 9);
                idle.add(socket);
            }
            assertThat(b.stats().inboundConnections()).isLessThanOrEqualTo(1_000);
            realPeerIsServed();
            // Only the real peer's own connection outlives the time for a handshake.
            await().until(() -> b.stats().inboundConnections() == 1);
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    @Test
    void anOversizedFrameClosesTheConnection() throws Exception {
        TcpTransport b = peers.start(B, inboxB);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), b.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(hello(CLUSTER, A, 1, B));
            assertThat(readAnswer(socket).accepted()).isTrue();
            byte[] header = ByteBuffer.allocate(4)
                    .putInt(Limits.PEER_FRAME_BYTES_MAX + 1)
                    .array();
            socket.getOutputStream().write(header);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(b.stats().protocolErrors()).isEqualTo(1);
        realPeerIsServed();
    }

    @Test
    void aPeerThatDoesNotReadHoldsABoundedQueueAndIsGivenUp() throws Exception {
        Timings patient = new Timings(2_000, 2_000, 500, 6_000, 60_000, 5, 50, 2_000);
        TcpTransport a = peers.start(A, 1, CLUSTER, new Inbox(), patient);
        peers.start(B, inboxB);
        sendNow(a, B, frame(1, 4));
        await().until(() -> inboxB.frames.size() == 1);
        // The tap blocks the pump, so the proxy stops reading: a slow reader as the kernel shows it.
        CountDownLatch stuck = new CountDownLatch(1);
        peers.firewall.link(A, B).tap((forth, offset, bytes, length) -> {
            try {
                stuck.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return length;
        });
        try {
            for (int i = 0; i < 200; i++) {
                sendNow(a, B, frame(i, 1 << 20));
                assertThat(a.stats().peers().get(B).queuedBytes()).isLessThanOrEqualTo(Limits.PEER_QUEUE_BYTES_MAX);
            }
            assertThat(a.stats().framesDropped()).isPositive();
            await().until(() -> !a.isReachable(B));
            await().until(() -> a.stats().peers().get(B).queuedBytes() == 0);
        } finally {
            stuck.countDown();
        }
    }

    @Test
    void aPeerBehindANetworkThatDropsOneWayIsGivenUpAndFoundAgain() throws Exception {
        TcpTransport a = peers.start(A, new Inbox());
        TcpTransport b = peers.start(B, inboxB);
        sendNow(a, B, frame(1, 4));
        sendNow(b, A, frame(1, 4));
        await().until(() -> a.isReachable(B) && b.isReachable(A));
        peers.firewall.link(A, B).set(PeerProxy.Fault.DROP_FORTH);
        await().until(() -> !a.isReachable(B));
        assertThat(b.isReachable(A)).isTrue();
        peers.firewall.heal();
        await().until(() -> {
            sendNow(a, B, frame(2, 4));
            return inboxB.numbers().contains(2);
        });
    }

    private void realPeerIsServed() throws IOException {
        TcpTransport a = peers.start(A, new Inbox());
        await().until(() -> {
            sendNow(a, B, frame(4711, 4));
            return inboxB.numbers().contains(4711);
        });
    }

    private static Handshake.Answer answerTo(TcpTransport to, byte[] hello) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), to.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(hello);
            Handshake.Answer answer = readAnswer(socket);
            if (answer.accepted()) {
                // Stays the known process of its name after it has gone.
                return answer;
            }
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            return answer;
        }
    }

    private static Handshake.Answer readAnswer(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] prefix = new byte[Handshake.PREFIX_BYTES];
        in.readFully(prefix);
        byte[] rest = new byte[ByteBuffer.wrap(prefix).getShort(12) + 4];
        in.readFully(rest);
        return Handshake.decodeAnswer(joined(prefix, rest));
    }

    private static byte[] hello(String cluster, String from, long incarnation, String to) {
        return Handshake.encode(new Hello(Purpose.FRAMES, cluster, from, incarnation, to));
    }

    private static byte[] joined(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }
}
