package dev.ashlar.raft.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

import io.microraft.impl.log.SnapshotChunkCollector;
import io.microraft.impl.state.RaftState;
import io.microraft.model.log.SnapshotChunk;
import io.microraft.model.message.InstallSnapshotRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.ashlar.raft.transport.PeerTransport;
import dev.ashlar.raft.wire.Endpoint;

/**
 * Fetches the files of a snapshot before MicroRaft hears of it.
 *
 * <ol>
 *   <li>The leader offers a snapshot; MicroRaft asks for its only chunk; the leader sends it: a reference. That message
 *       comes here first, and is dropped while the files are not there (the leader repeats it).
 *   <li>The first one starts a stream from the leader into a directory of its own. The files contain the state at some index
 *       at or above the snapshot's, which is as good: entries between the two are passed over when they come. Files of an
 *       earlier stream are forgotten before they are deleted, and no stream begins before the end of the last is known here.
 *   <li>When the files lie ready, the snapshot's mark is written to the log. Once that is durable, the next repetition is
 *       let through: MicroRaft installs, the state takes the directory over.
 * </ol>
 *
 * <p>A crash anywhere leaves the old state and an unused mark, or the new state and its mark. One per replica; engine
 * thread, but for the stream itself.
 */
final class SnapshotReceiver {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotReceiver.class);

    private final Engine engine;
    private final PeerTransport transport;
    private final Path directory;
    private boolean fetching;
    private int attempt;

    /** @param directory below which files are received, for this replica alone */
    SnapshotReceiver(Engine engine, PeerTransport transport, Path directory) {
        this.engine = engine;
        this.transport = transport;
        this.directory = directory;
    }

    /** Whether MicroRaft may handle this request now; if not, it will be repeated. */
    boolean isReady(Group group, InstallSnapshotRequest request) {
        forgetSnapshotOfFormerLeader(group.node().state(), request);
        SnapshotChunk chunk = request.getSnapshotChunk();
        if (chunk == null || request.getTerm() < group.node().state().term()) {
            return true;
        }
        long held = Math.max(group.applier().stagedIndex(), group.state().appliedIndex());
        if (held >= request.getSnapshotIndex()) {
            return group.log().mark(chunk) <= engine.outbox().durableEpoch()
                    && group.applier().writesState();
        }
        if (!fetching) {
            start(group, Endpoint.memberOf(request.getSender()).nodeId());
        }
        return false;
    }

    /**
     * The way round a fault of MicroRaft 0.7: a follower that began to collect a snapshot ignores every offer of an older one.
     * When the leader of the newer one has died and the next leader's is older, it waits for ever, and the leader steps down
     * for want of answers, again and again. What the present leader offers counts.
     */
    private static void forgetSnapshotOfFormerLeader(RaftState raft, InstallSnapshotRequest request) {
        SnapshotChunkCollector collecting = raft.snapshotChunkCollector();
        if (collecting != null
                && request.isSenderLeader()
                && request.getTerm() >= raft.term()
                && request.getSnapshotIndex() < collecting.getSnapshotIndex()) {
            raft.snapshotChunkCollector(null);
        }
    }

    private void start(Group group, String fromNode) {
        Path into = directory.resolve(Integer.toString(++attempt));
        group.applier().unstage();
        try {
            deleteTree(directory);
            Files.createDirectories(into);
        } catch (IOException e) {
            LOG.warn("group {}: no snapshot can be received: {}", group.id(), e.toString());
            return;
        }
        LOG.info("group {}: fetching a snapshot from {}", group.id(), fromNode);
        fetching = true;
        transport
                .fetchSnapshot(fromNode, group.id(), into)
                .whenComplete((index, error) -> engine.post(() -> {
                    fetching = false;
                    if (error != null) {
                        LOG.warn(
                                "group {}: the snapshot from {} did not arrive: {}",
                                group.id(),
                                fromNode,
                                cause(error));
                    } else {
                        LOG.info("group {}: a snapshot at index {} lies ready", group.id(), index);
                        group.applier().stage(index, into);
                    }
                }));
    }

    private static String cause(Throwable error) {
        Throwable cause = error instanceof ExecutionException && error.getCause() != null ? error.getCause() : error;
        return cause.toString();
    }

    /** Deletes what earlier attempts have left. */
    static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(root)) {
            paths.sorted(Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.delete(path);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
