package dev.ashlar.raft.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

import io.microraft.RaftEndpoint;
import io.microraft.RaftNode;
import io.microraft.impl.RaftNodeImpl;
import io.microraft.model.impl.log.DefaultRaftGroupMembersViewOrBuilder;
import io.microraft.model.impl.log.DefaultSnapshotEntryOrBuilder;
import io.microraft.model.impl.persistence.DefaultRaftEndpointPersistentStateOrBuilder;
import io.microraft.model.impl.persistence.DefaultRaftTermPersistentStateOrBuilder;
import io.microraft.model.log.LogEntry;
import io.microraft.model.log.RaftGroupMembersView;
import io.microraft.model.log.SnapshotEntry;
import io.microraft.persistence.RestoredRaftState;

import dev.ashlar.raft.Member;
import dev.ashlar.raft.StateMachine;
import dev.ashlar.raft.log.SharedLog;
import dev.ashlar.raft.log.SnapshotMark;
import dev.ashlar.raft.log.StoredEntry;
import dev.ashlar.raft.log.StoredGroup;
import dev.ashlar.raft.transport.PeerTransport;
import dev.ashlar.raft.wire.Codec;
import dev.ashlar.raft.wire.Endpoint;
import dev.ashlar.raft.wire.Entry;
import dev.ashlar.raft.wire.Models;

/** Makes replicas, new or from the log, and looks after all of them now and then. Engine thread only. */
final class GroupFactory {
    private final Engine engine;
    private final Timing timing;
    private final Codec codec;
    private final PeerTransport transport;
    private final PayloadCache cache;
    private final Path snapshots;
    private final int snapshotEveryEntries;

    GroupFactory(
            Engine engine,
            Timing timing,
            Codec codec,
            PeerTransport transport,
            PayloadCache cache,
            Path snapshots,
            int snapshotEveryEntries) {
        this.engine = engine;
        this.timing = timing;
        this.codec = codec;
        this.transport = transport;
        this.cache = cache;
        this.snapshots = snapshots;
        this.snapshotEveryEntries = snapshotEveryEntries;
    }

    /** Starts a new replica with the initial membership of its group. */
    Group create(int id, Member local, List<Member> voters, List<Member> learners, StateMachine state)
            throws IOException {
        if (state.appliedIndex() != 0) {
            throw new IOException("group " + id + ": the state holds index " + state.appliedIndex()
                    + " but the log knows no such replica; the log was lost, so this replica must be built anew");
        }
        GroupLog log = new GroupLog(id, local, engine, cache);
        Parts parts = parts(id, local, state, log, false, snapshotEveryEntries);
        return start(
                parts,
                parts.builder
                        .setLocalEndpoint(new Endpoint(local))
                        .setInitialGroupMembers(endpoints(voters, learners), endpoints(voters, List.of())));
    }

    /** Starts a replica with what the log holds of it. */
    Group restore(int id, StoredGroup found, StateMachine state) throws IOException {
        Optional<SnapshotMark> mark = markFor(found, state.appliedIndex());
        long head = mark.map(SnapshotMark::index).orElse(0L);
        List<LogEntry> entries = entriesAfter(id, found, head);
        GroupLog log = new GroupLog(id, found.local(), engine, cache);
        log.restored(found.voting(), found.marks(), head);
        mark.map(SnapshotMark::voters).orElseGet(found::initialVoters).stream()
                .filter(voter -> !voter.equals(found.local()))
                .forEach(voter -> transport.reach(voter.nodeId()));
        // The state may have been made durable long ago; MicroRaft's buffer must hold everything since.
        int snapshotEvery = Math.max(snapshotEveryEntries, entries.size());
        Parts parts = parts(id, found.local(), state, log, found.term() > 0, snapshotEvery);
        return start(
                parts,
                parts.builder.setRestoredState(new RestoredRaftState(
                        new DefaultRaftEndpointPersistentStateOrBuilder()
                                .setLocalEndpoint(new Endpoint(found.local()))
                                .setVoting(found.voting())
                                .build(),
                        view(0, found.initialVoters(), found.initialLearners()),
                        new DefaultRaftTermPersistentStateOrBuilder()
                                .setTerm(found.term())
                                .setVotedFor(votedFor(found))
                                .build(),
                        mark.map(GroupFactory::snapshot).orElse(null),
                        entries)));
    }

    /** The newest mark that the state has reached: from there MicroRaft commits again. */
    private static Optional<SnapshotMark> markFor(StoredGroup found, long appliedIndex) {
        return found.marks().stream()
                .filter(mark -> mark.index() <= appliedIndex)
                .reduce((earlier, later) -> later.index() >= earlier.index() ? later : earlier);
    }

    private List<LogEntry> entriesAfter(int id, StoredGroup found, long head) throws IOException {
        SharedLog log = engine.log();
        List<LogEntry> entries = new ArrayList<>();
        for (StoredEntry each : found.entries()) {
            if (each.index() > head) {
                if (each.index() != head + entries.size() + 1) {
                    throw new IOException("group " + id + ": the state is at snapshot " + head
                            + " but the log goes on at index " + each.index()
                            + "; this replica must be built anew from the others");
                }
                Entry entry = new Entry(
                        each.index(),
                        each.term(),
                        each.type(),
                        each.position(),
                        each.position().length(),
                        log::read);
                entry.loadUnlessBatch();
                entries.add(entry);
            }
        }
        return entries;
    }

    private Parts parts(
            int id, Member local, StateMachine state, GroupLog log, boolean mayHavePromised, int snapshotEvery) {
        GroupPort port = new GroupPort(id, local, engine, timing, codec, log, transport::isReachable, mayHavePromised);
        SnapshotReceiver receiver =
                new SnapshotReceiver(engine, transport, snapshots.resolve(id + "-" + local.replicaId()));
        Group group = new Group(id, local, engine, state, log, port, timing, receiver);
        port.bind(group);
        RaftNode.RaftNodeBuilder builder = RaftNode.newBuilder()
                .setGroupId(id)
                .setConfig(timing.config(snapshotEvery))
                .setExecutor(port)
                .setTransport(port)
                .setStore(log)
                .setStateMachine(group.applier())
                .setModelFactory(new Models())
                .setRandom(engine.random())
                .setClock(timing.clock(engine.clock()));
        return new Parts(group, builder);
    }

    private Group start(Parts parts, RaftNode.RaftNodeBuilder builder) {
        RaftNodeImpl node = (RaftNodeImpl) builder.build();
        parts.group.bind(node);
        engine.add(parts.group);
        engine.touch(parts.group);
        node.start();
        return parts.group;
    }

    /** Stops a replica; done when MicroRaft lets go of it. */
    CompletableFuture<?> terminate(Group group) {
        return group.node().terminate().whenComplete((ok, error) -> {
            group.halted();
            engine.remove(group);
        });
    }

    /** Lets the log forget what is durable elsewhere, and asks the group that pins its oldest part to let go. */
    void housekeep() {
        for (Group group : engine.groups()) {
            group.housekeep();
        }
        OptionalInt pinning = engine.log().oldestPinningGroup();
        if (pinning.isPresent()) {
            engine.group(pinning.getAsInt()).ifPresent(this::shrinkLog);
        }
    }

    /** Makes the group let go of the log's oldest part: by releasing it, or by writing the few entries of it anew. */
    private void shrinkLog(Group group) {
        group.shrinkLog();
        try {
            for (StoredEntry moved : engine.log().carryForward(group.id())) {
                group.moved(moved.index(), moved.position());
            }
        } catch (IOException e) {
            engine.fail("group " + group.id() + ": the log cannot be read: " + e.getMessage(), e);
        }
    }

    private static RaftEndpoint votedFor(StoredGroup found) {
        String text = found.votedFor();
        if (text.isEmpty()) {
            return null;
        }
        int hash = text.lastIndexOf('#');
        return new Endpoint(new Member(text.substring(0, hash), Long.parseLong(text.substring(hash + 1))));
    }

    private static SnapshotEntry snapshot(SnapshotMark mark) {
        RaftGroupMembersView members = view(mark.membersIndex(), mark.voters(), mark.learners());
        return new DefaultSnapshotEntryOrBuilder()
                .setIndex(mark.index())
                .setTerm(mark.term())
                .setSnapshotChunks(List.of(Codec.chunk(mark.index(), mark.term(), members)))
                .setGroupMembersView(members)
                .build();
    }

    private static RaftGroupMembersView view(long index, List<Member> voters, List<Member> learners) {
        return new DefaultRaftGroupMembersViewOrBuilder()
                .setLogIndex(index)
                .setMembers(endpoints(voters, learners))
                .setVotingMembers(endpoints(voters, List.of()))
                .build();
    }

    private static Collection<RaftEndpoint> endpoints(List<Member> voters, List<Member> learners) {
        Collection<RaftEndpoint> endpoints = new LinkedHashSet<>();
        voters.forEach(member -> endpoints.add(new Endpoint(member)));
        learners.forEach(member -> endpoints.add(new Endpoint(member)));
        return endpoints;
    }

    private record Parts(Group group, RaftNode.RaftNodeBuilder builder) {}
}
