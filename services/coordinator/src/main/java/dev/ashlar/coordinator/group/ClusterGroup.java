package dev.ashlar.coordinator.group;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jboss.logging.Logger;

import dev.ashlar.common.Limits;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.coordinator.bootstrap.GroupMembers;
import dev.ashlar.coordinator.journal.Journal;
import dev.ashlar.coordinator.state.Applied.Outcome;
import dev.ashlar.coordinator.state.ClusterCommand;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.raft.GroupStatus;
import dev.ashlar.raft.Member;
import dev.ashlar.raft.RaftHost;
import dev.ashlar.raft.ReplicatedGroup;
import dev.ashlar.raft.state.RocksResources;

/** This coordinator's replica of the coordinators' group. Any thread. */
public final class ClusterGroup implements AutoCloseable {
    /** The number of the coordinators' group in their own hosts. */
    public static final int GROUP_ID = 0;

    private static final Logger LOG = Logger.getLogger(ClusterGroup.class);
    private static final long MIB = 1L << 20;
    private static final long BLOCK_CACHE_BYTES = 4 * MIB;
    private static final long MEMTABLE_BYTES = 4 * MIB;
    private static final long HANDOVER_MS = 3_000;

    private final RaftHost host;
    private final RocksResources resources;
    private final ClusterStateMachine machine;
    private final ReplicatedGroup group;
    private final Journal journal;
    private final StateCodec codec = new StateCodec();

    private ClusterGroup(
            RaftHost host,
            RocksResources resources,
            ClusterStateMachine machine,
            ReplicatedGroup group,
            Journal journal) {
        this.host = host;
        this.resources = resources;
        this.machine = machine;
        this.group = group;
        this.journal = journal;
    }

    /**
     * Starts the replica. Takes the host over: {@link #close()} closes it.
     *
     * @throws IOException when the log or the state cannot be used; the message says why and what can be done
     */
    public static ClusterGroup start(RaftHost host, Path dataDir, Member local, List<Member> voters)
            throws IOException {
        RocksResources resources = new RocksResources(RocksResources.Budget.of(BLOCK_CACHE_BYTES, MEMTABLE_BYTES));
        try {
            Journal journal = new Journal();
            ClusterStateMachine machine = new ClusterStateMachine(resources, dataDir.resolve("state"), journal);
            ReplicatedGroup group = host.start(GROUP_ID, local, voters, List.of(), machine);
            return new ClusterGroup(host, resources, machine, group, journal);
        } catch (IOException | RuntimeException e) {
            host.close();
            resources.close();
            throw e;
        }
    }

    /** The replicated state as this coordinator has applied it. */
    public ClusterState state() {
        return machine.state();
    }

    public Journal journal() {
        return journal;
    }

    public GroupStatus status() {
        return group.status();
    }

    /** Whether it leads with a lease: {@link #state()} is then the newest there is. */
    public boolean leads() {
        return group.leaseValid();
    }

    /** The node id of the leader this replica knows of. */
    public Optional<String> leader() {
        return status().leader().map(Member::nodeId);
    }

    /** Age of the local state in milliseconds, see {@link ReplicatedGroup#stalenessMs()}. */
    public long stalenessMs() {
        return group.stalenessMs();
    }

    /** Why the engine, or this replica, has stopped, or an empty string. */
    public String fault() {
        String fault = host.fault();
        return fault.isEmpty() ? group.fault() : fault;
    }

    public boolean diskFull() {
        return host.diskFull();
    }

    /** The ids of the voters now: who is still being taken in is no member yet. Empty while this replica knows none. */
    public List<String> members() {
        return status().voters().stream().map(Member::nodeId).sorted().toList();
    }

    /** Changes the members of the group; done when committed. Fails when this replica does not lead. */
    public CompletableFuture<Void> change(GroupMembers.Change change) {
        return switch (change) {
            case GroupMembers.Change.AddLearner add -> group.addLearner(add.member());
            case GroupMembers.Change.Promote promote -> group.promote(promote.member());
            case GroupMembers.Change.Remove remove -> group.remove(remove.member());
        };
    }

    /** Proposes a command. The future fails with an {@link ApiException}. */
    public CompletableFuture<Outcome> propose(ClusterCommand command) {
        Proposal proposal = new Proposal(codec.encode(command));
        group.submit(proposal);
        return proposal.outcome()
                .orTimeout(Limits.WRITE_TIMEOUT_MS, TimeUnit.MILLISECONDS)
                .exceptionallyCompose(failed -> CompletableFuture.failedFuture(
                        failed instanceof TimeoutException
                                ? new ApiException(
                                        ErrorCode.TIMEOUT,
                                        "no majority of the coordinators answered in time: whether it was done is not"
                                                + " known",
                                        1_000)
                                : failed));
    }

    /** Hands the leadership to the follower that has most, flushes and closes. */
    @Override
    public void close() throws IOException {
        handOver();
        try {
            host.close();
        } finally {
            resources.close();
        }
    }

    /** To the voter that has most of the log, or else to the next one. */
    private void handOver() {
        GroupStatus status = status();
        List<Member> heirs = status.role() != GroupStatus.Role.LEADER
                ? List.of()
                : status.matchIndexes().entrySet().stream()
                        .filter(entry -> status.voters().contains(entry.getKey()))
                        .sorted(Map.Entry.<Member, Long>comparingByValue()
                                .thenComparing(entry -> entry.getKey().nodeId(), Comparator.naturalOrder())
                                .reversed())
                        .map(Map.Entry::getKey)
                        .toList();
        for (Member heir : heirs) {
            try {
                group.transferLeadership(heir).get(HANDOVER_MS, TimeUnit.MILLISECONDS);
                return;
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            } catch (ExecutionException | TimeoutException e) {
                LOG.infof("the leadership was not handed over to %s before the stop: %s", heir, e.getMessage());
            }
        }
    }
}
