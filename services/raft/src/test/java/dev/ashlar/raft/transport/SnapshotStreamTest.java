package dev.ashlar.raft.transport;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.ashlar.raft.SnapshotFiles;
import dev.ashlar.raft.transport.TestPeers.Inbox;

import static dev.ashlar.raft.transport.TestPeers.A;
import static dev.ashlar.raft.transport.TestPeers.B;
import static dev.ashlar.raft.transport.TestPeers.frame;
import static dev.ashlar.raft.transport.TestPeers.sendNow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class SnapshotStreamTest {
    private static final int GROUP = 3;
    private static final long INDEX = 123_456_789_012L;

    @TempDir
    Path dir;

    private final TestPeers peers = new TestPeers();
    private final Inbox inboxB = new Inbox();
    private final AtomicInteger closedSnapshots = new AtomicInteger();
    private Path from;
    private Path into;
    private TcpTransport a;
    private TcpTransport b;

    @BeforeEach
    void start() throws IOException {
        from = Files.createDirectory(dir.resolve("from"));
        into = Files.createDirectory(dir.resolve("into"));
        a = peers.start(A, new Inbox());
        b = peers.start(B, inboxB);
        inboxB.snapshots = _ -> snapshot();
    }

    @AfterEach
    void close() {
        peers.close();
    }

    @Test
    void filesOfAllSizesArriveAsTheyAre() throws Exception {
        write("CURRENT", 16);
        write("EMPTY", 0);
        write("000012.sst", (256 << 10) + 1);
        write("000013.sst", 256 << 10);
        write("MANIFEST-000004", 3_000_000);
        assertThat(a.fetchSnapshot(B, GROUP, into).get(30, TimeUnit.SECONDS)).isEqualTo(INDEX);
        assertSame(5);
        await().until(() -> closedSnapshots.get() == 1);
        assertThat(b.stats().snapshotsServed()).isEqualTo(1);
    }

    @Test
    void twoHundredMegabytesNeedLittleHeapAndFramesStillPass() throws Exception {
        for (int i = 0; i < 4; i++) {
            write("00000" + i + ".sst", 50_000_000);
        }
        peers.firewall.bypass();
        resetPeaks();
        long before = peakBytes();
        long start = System.nanoTime();
        CompletableFuture<Long> fetched = a.fetchSnapshot(B, GROUP, into);
        for (int i = 0; !fetched.isDone(); i++) {
            sendNow(a, B, frame(i, 64));
            int sent = i;
            await().until(() -> fetched.isDone() || inboxB.numbers().contains(sent));
        }
        assertThat(fetched.get()).isEqualTo(INDEX);
        double seconds = (System.nanoTime() - start) / 1e9;
        long grownBytes = peakBytes() - before;
        System.out.printf(
                "snapshot of 200 MB: %.0f MB/s with fsync, old generation grew by %.1f MB%n",
                200 / seconds, grownBytes / 1e6);
        assertThat(grownBytes).isLessThan(48L << 20);
        assertSame(4);
    }

    @Test
    void theCloseOfTheSenderNeverOvertakesTheLastBytes() throws Exception {
        // Larger than the window of the receiver, so that its socket is paused when the sender closes.
        write("000001.sst", 3_000_000);
        for (int round = 0; round < 40; round++) {
            Path next = Files.createDirectory(dir.resolve("round-" + round));
            assertThat(a.fetchSnapshot(B, GROUP, next).get(30, TimeUnit.SECONDS))
                    .isEqualTo(INDEX);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 60, 100, 5_000, 262_300, 1_000_000, 2_999_000})
    void aStreamCutAnywhereFailsAndLeavesNothing(long cutAt) throws Exception {
        write("000001.sst", 1_500_000);
        write("000002.sst", 1_500_000);
        peers.firewall
                .link(A, B)
                .tap((forth, offset, bytes, length) -> forth ? length : Math.clamp(cutAt - offset, 0, length));
        assertFails("");
        peers.firewall.link(A, B).tap((forth, offset, bytes, length) -> length);
        assertThat(a.fetchSnapshot(B, GROUP, into).get(30, TimeUnit.SECONDS)).isEqualTo(INDEX);
    }

    @ParameterizedTest
    @ValueSource(longs = {45, 60, 70, 5_000, 262_300, 1_000_000, 2_999_000})
    void aFlippedByteAnywhereIsRefusedAndLeavesNothing(long flipAt) throws Exception {
        write("000001.sst", 1_500_000);
        write("000002.sst", 1_500_000);
        peers.firewall.link(A, B).tap((forth, offset, bytes, length) -> {
            if (!forth && flipAt >= offset && flipAt < offset + length) {
                bytes[(int) (flipAt - offset)] ^= 0x10;
            }
            return length;
        });
        assertFails("");
    }

    @Test
    void aPeerWithoutASnapshotSaysSo() {
        inboxB.snapshots = group -> {
            throw new IOException("no snapshot of group " + group);
        };
        assertFails("no snapshot of group 3");
        assertThat(b.stats().snapshotsRefused()).isEqualTo(1);
    }

    @Test
    void aPeerThatFallsSilentIsGivenUp() throws Exception {
        write("000001.sst", 10);
        CountDownLatch stuck = new CountDownLatch(1);
        inboxB.snapshots = _ -> {
            try {
                stuck.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return snapshot();
        };
        try {
            assertFails("nothing came");
        } finally {
            stuck.countDown();
        }
    }

    @Test
    void aThirdStreamAtOnceIsRefusedWithAReasonAndServedLater() throws Exception {
        write("000001.sst", 10);
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch opened = new CountDownLatch(2);
        inboxB.snapshots = _ -> {
            opened.countDown();
            try {
                stuck.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return snapshot();
        };
        var first = a.fetchSnapshot(B, GROUP, Files.createDirectory(dir.resolve("1")));
        var second = a.fetchSnapshot(B, GROUP, Files.createDirectory(dir.resolve("2")));
        try {
            assertThat(opened.await(20, TimeUnit.SECONDS)).isTrue();
            assertFails("busy");
        } finally {
            stuck.countDown();
        }
        CompletableFuture.allOf(first, second).get(20, TimeUnit.SECONDS);
        await().until(() -> closedSnapshots.get() == 2);
        await().untilAsserted(() -> assertThat(a.fetchSnapshot(B, GROUP, into).get(20, TimeUnit.SECONDS))
                .isEqualTo(INDEX));
    }

    @Test
    void aDirectoryThatIsNotEmptyIsLeftAlone() throws Exception {
        write("000001.sst", 10);
        Path mine = Files.writeString(into.resolve("mine"), "precious");
        assertThatThrownBy(() -> a.fetchSnapshot(B, GROUP, into).get(20, TimeUnit.SECONDS))
                .hasMessageContaining("not empty");
        assertThat(mine).hasContent("precious");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil", "/etc/evil", "..", ".", "", "a/b", "a\\b", ".hidden", "nul\0", "new\nline"})
    void namesThatLeadElsewhereAreRefusedByBothSides(String name) throws Exception {
        assertThatThrownBy(() -> SnapshotWire.file(name, 1)).isInstanceOf(ProtocolException.class);
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        Buffer stream = SnapshotWire.record(
                SnapshotWire.FILE,
                ByteBuffer.allocate(8 + bytes.length).putLong(0).put(bytes).array());
        assertThatThrownBy(
                        () -> new SnapshotReceiver(new ByteArrayInputStream(stream.getBytes()), into, new LongAdder())
                                .receive())
                .hasMessageContaining("plain file name");
        assertThat(into).isEmptyDirectory();
        assertThat(dir.resolve("evil")).doesNotExist();
    }

    private void assertFails(String message) {
        assertThatThrownBy(() -> a.fetchSnapshot(B, GROUP, into).get(30, TimeUnit.SECONDS))
                .hasCauseInstanceOf(IOException.class)
                .hasMessageContaining(message);
        assertThat(into).isEmptyDirectory();
    }

    private void assertSame(int files) throws IOException {
        try (Stream<Path> sent = Files.list(from);
                Stream<Path> received = Files.list(into)) {
            assertThat(received).hasSize(files);
            for (Path file : sent.toList()) {
                assertThat(Files.mismatch(file, into.resolve(file.getFileName())))
                        .as("%s", file)
                        .isEqualTo(-1);
            }
        }
    }

    private void write(String name, int bytes) throws IOException {
        byte[] block = new byte[1 << 20];
        new Random(name.hashCode()).nextBytes(block);
        try (OutputStream out = Files.newOutputStream(from.resolve(name))) {
            for (int left = bytes; left > 0; left -= block.length) {
                out.write(block, 0, Math.min(left, block.length));
            }
        }
    }

    private SnapshotFiles snapshot() {
        return new SnapshotFiles() {
            @Override
            public long index() {
                return INDEX;
            }

            @Override
            public Path directory() {
                return from;
            }

            @Override
            public List<String> names() throws IOException {
                try (Stream<Path> files = Files.list(from)) {
                    return files.map(file -> file.getFileName().toString())
                            .sorted()
                            .toList();
                }
            }

            @Override
            public void close() {
                closedSnapshots.incrementAndGet();
            }
        };
    }

    /** The old generation alone: what a stream throws away at once is not held. */
    private static long peakBytes() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool ->
                        pool.getType() == MemoryType.HEAP && pool.getName().contains("Old"))
                .mapToLong(pool -> pool.getPeakUsage().getUsed())
                .sum();
    }

    private static void resetPeaks() {
        System.gc();
        ManagementFactory.getMemoryPoolMXBeans().forEach(java.lang.management.MemoryPoolMXBean::resetPeakUsage);
    }
}
