package dev.ashlar.raft.engine;

import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.microraft.RaftEndpoint;
import io.microraft.executor.RaftNodeExecutor;
import io.microraft.impl.task.FlushTask;
import io.microraft.impl.task.HeartbeatTask;
import io.microraft.impl.task.LeaderElectionTimeoutTask;
import io.microraft.impl.task.PreVoteTimeoutTask;
import io.microraft.model.message.AppendEntriesFailureResponse;
import io.microraft.model.message.AppendEntriesRequest;
import io.microraft.model.message.AppendEntriesSuccessResponse;
import io.microraft.model.message.InstallSnapshotRequest;
import io.microraft.model.message.PreVoteRequest;
import io.microraft.model.message.RaftMessage;
import io.microraft.model.message.VoteRequest;
import io.microraft.model.message.VoteResponse;
import io.microraft.transport.Transport;

import dev.ashlar.raft.Member;
import dev.ashlar.raft.log.LogCorruptException;
import dev.ashlar.raft.wire.Codec;
import dev.ashlar.raft.wire.Endpoint;
import dev.ashlar.raft.wire.Envelope;

/**
 * What MicroRaft sees of the world around one replica: its executor and its transport.
 *
 * <ol>
 *   <li>Tasks run on the engine thread, at once while a message is being handled, so that the answer can carry the send
 *       time of what it answers.
 *   <li>Timers of elections get a random part as long as themselves. MicroRaft's own is 100 of its milliseconds, less than
 *       a vote takes on a busy disk: two candidates would keep outvoting each other for as long as the load lasts. For the same
 *       reason a voter that has granted its vote gives the candidate time to lead before it wants to lead itself (Raft §5.2;
 *       MicroRaft has no such rule), and a candidate that was not elected asks for pre-votes first: MicroRaft's would
 *       begin a new term at once, again and again, and depose whom the others have just elected.
 *   <li>Leaders of all groups send their heartbeats in the same turn: one wake-up and one packet to each peer.
 *   <li>A follower that hears from its leader need not look whether it is silent before it can be: it looks at that moment,
 *       and at once when it has no leader, leads, or is no member of one any more. MicroRaft would look every heartbeat period.
 *   <li>When an entry commits, MicroRaft tells every follower at once. Under load the next entry carries the news a moment later,
 *       so that message waits for a few milliseconds and is left out when something else went to the follower meanwhile.
 *   <li>An entry that a follower needs and that is damaged in the log is told as damage of this replica, which goes on: who looks
 *       after it gives leadership away when another one can lead, so that the follower gets the entry from there.
 *   <li>MicroRaft's flush tasks do nothing: the engine syncs for all groups and counts the leader's copy itself.
 *   <li>A voter that restarted sends no requests for votes, and hears none, until the promise it may have given before has
 *       run out (S2). Transfers of leadership are excepted: a leader that transfers has no lease.
 * </ol>
 */
final class GroupPort implements RaftNodeExecutor, Transport {
    /** How long a follower may go without the news of a commit, in nanoseconds. */
    private static final long COMMIT_NEWS_NANOS = 5_000_000;

    private final int group;
    private final Member local;
    private final Engine engine;
    private final Timing timing;
    private final Codec codec;
    private final GroupLog log;
    private final PeerReach reach;
    private final long barredUntilNanos;
    private final Map<RaftEndpoint, Long> peerClocks = new HashMap<>();
    private final Set<RaftEndpoint> awaitingNews = new LinkedHashSet<>();
    private Group owner;
    private boolean newsScheduled;
    private boolean newsHeldBack = true;
    private boolean answering;
    private long echoNanos;
    private long votedNanos;
    private HeartbeatTask heartbeat;
    private long heartbeatTurn;
    private boolean quiet;

    /** Whether a connection to a process is up. */
    interface PeerReach {
        boolean isReachable(String nodeId);
    }

    GroupPort(
            int group,
            Member local,
            Engine engine,
            Timing timing,
            Codec codec,
            GroupLog log,
            PeerReach reach,
            boolean mayHavePromised) {
        this.group = group;
        this.local = local;
        this.engine = engine;
        this.timing = timing;
        this.codec = codec;
        this.log = log;
        this.reach = reach;
        this.votedNanos = engine.clockNanos() - timing.patienceNanos();
        this.barredUntilNanos = engine.clockNanos() + (mayHavePromised ? timing.promiseNanos() : 0);
    }

    void bind(Group group) {
        owner = group;
    }

    /** Whether a message of an election is not for us yet. */
    boolean isBarred(RaftMessage message) {
        boolean election =
                message instanceof PreVoteRequest || (message instanceof VoteRequest vote && vote.isSticky());
        return election && engine.now() - barredUntilNanos < 0;
    }

    /** A peer has answered; the next request to it echoes the time on its own clock when it did. */
    void answered(RaftEndpoint peer, long sentNanos) {
        peerClocks.put(peer, sentNanos);
    }

    /** Handles a message; what is sent meanwhile answers it. */
    void answering(long sentNanos, Runnable handler) {
        answering = true;
        echoNanos = sentNanos;
        try {
            handler.run();
        } finally {
            answering = false;
            echoNanos = 0;
        }
    }

    @Override
    public void execute(Runnable task) {
        if (answering) {
            task.run();
        } else {
            engine.local(task);
        }
    }

    @Override
    public void submit(Runnable task) {
        if (!(task instanceof FlushTask)) {
            engine.local(task);
        }
    }

    @Override
    public void schedule(Runnable task, long delay, TimeUnit timeUnit) {
        long nanos = timing.realNanos(delay, timeUnit);
        if (task instanceof HeartbeatTask next) {
            heartbeat = next;
            scheduleHeartbeat();
            return;
        }
        boolean election = task instanceof LeaderElectionTimeoutTask || task instanceof PreVoteTimeoutTask;
        engine.schedule(nanos + (election ? random(nanos) : 0), () -> {
            engine.touch(owner);
            if (task instanceof LeaderElectionTimeoutTask) {
                if (!owner.isStopped()) {
                    owner.elections().asksAgain();
                }
            } else {
                task.run();
            }
        });
    }

    private void scheduleHeartbeat() {
        long turn = ++heartbeatTurn;
        long periodNanos = timing.heartbeatNanos();
        long untilSilentNanos = owner.elections().untilLeaderSilentNanos(engine.now());
        quiet = untilSilentNanos > periodNanos;
        long nanos = owner.leads()
                ? timing.untilNextHeartbeat(engine.now())
                : quiet ? untilSilentNanos + random(periodNanos) : periodNanos + random(periodNanos / 4);
        engine.schedule(nanos, () -> {
            if (turn == heartbeatTurn) {
                engine.touch(owner);
                lookAtLeader();
            }
        });
    }

    private void lookAtLeader() {
        if (owner.elections().awaitsElected(votedNanos + timing.patienceNanos(), engine.now())) {
            scheduleHeartbeat();
        } else {
            if (!owner.isStopped()) {
                owner.elections().freeStuckPreVote();
            }
            unhindered(heartbeat);
        }
    }

    /** The end of a turn in which something happened to this replica: it may have no time to wait any more. */
    void endTurn() {
        if (quiet && !owner.elections().followsLeader()) {
            scheduleHeartbeat();
        }
    }

    private long random(long nanos) {
        return engine.random().nextLong(nanos);
    }

    @Override
    public void send(RaftEndpoint target, RaftMessage message) {
        if (isBarred(message)) {
            return;
        }
        if (message instanceof VoteResponse vote && vote.isGranted()) {
            votedNanos = engine.now();
        }
        if (message instanceof AppendEntriesRequest request) {
            if (newsHeldBack && isCommitNews(request)) {
                tellLater(target);
                return;
            }
            awaitingNews.remove(target);
        }
        Member to = Endpoint.memberOf(target);
        boolean request = message instanceof AppendEntriesRequest || message instanceof InstallSnapshotRequest;
        long echo = request ? peerClocks.getOrDefault(target, 0L) : echoNanos;
        Envelope envelope = new Envelope(group, local.replicaId(), to.replicaId(), engine.now(), echo);
        if (message instanceof AppendEntriesFailureResponse refusal) {
            ShortLog.hint(owner.node(), refusal).ifPresent(hint -> engine.outbox()
                    .send(to.nodeId(), codec.encode(envelope, hint), promisedEpoch(hint)));
        }
        try {
            engine.outbox().send(to.nodeId(), codec.encode(envelope, message), promisedEpoch(message));
        } catch (UncheckedIOException unreadable) {
            if (!(unreadable.getCause() instanceof LogCorruptException)) {
                // MicroRaft logs it and tries again.
                throw unreadable;
            }
            log.damaged(unreadable);
        }
    }

    /** Without entries and without a number that the answer must carry: it tells the commit index and nothing else. */
    private static boolean isCommitNews(AppendEntriesRequest request) {
        return request.getLogEntries().isEmpty() && request.getFlowControlSequenceNumber() == 0;
    }

    private void tellLater(RaftEndpoint target) {
        awaitingNews.add(target);
        if (!newsScheduled) {
            newsScheduled = true;
            engine.schedule(COMMIT_NEWS_NANOS, this::tellNews);
        }
    }

    private void tellNews() {
        newsScheduled = false;
        List<RaftEndpoint> targets = List.copyOf(awaitingNews);
        awaitingNews.clear();
        if (!owner.isStopped() && owner.leads()) {
            engine.touch(owner);
            unhindered(() -> targets.forEach(owner.node()::sendAppendEntriesRequest));
        }
    }

    /** Runs what must send even when there is nothing but the commit index to tell. */
    private void unhindered(Runnable task) {
        newsHeldBack = false;
        try {
            task.run();
        } finally {
            newsHeldBack = true;
        }
    }

    /** What must be on the disk before a message leaves: its term always, its entries when it says that we have them. */
    private long promisedEpoch(RaftMessage message) {
        boolean promisesEntries = message instanceof AppendEntriesSuccessResponse
                || message instanceof AppendEntriesFailureResponse
                || message instanceof VoteResponse
                || message instanceof VoteRequest;
        return promisesEntries ? Math.max(log.termEpoch(), log.entryEpoch()) : log.termEpoch();
    }

    @Override
    public boolean isReachable(RaftEndpoint endpoint) {
        return reach.isReachable(Endpoint.memberOf(endpoint).nodeId());
    }
}
