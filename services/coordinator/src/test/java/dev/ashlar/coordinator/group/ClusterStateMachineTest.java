package dev.ashlar.coordinator.group;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.ashlar.common.Limits;
import dev.ashlar.common.cluster.ReplicaInfo;
import dev.ashlar.coordinator.Fixtures;
import dev.ashlar.coordinator.journal.Journal;
import dev.ashlar.coordinator.state.Applied.Outcome;
import dev.ashlar.coordinator.state.ClusterCommand;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.Intent;
import dev.ashlar.coordinator.state.Presence;
import dev.ashlar.coordinator.state.Settings;
import dev.ashlar.raft.Command;
import dev.ashlar.raft.LogEntry;
import dev.ashlar.raft.SnapshotFiles;
import dev.ashlar.raft.state.RocksResources;

import static dev.ashlar.coordinator.Fixtures.id;
import static org.assertj.core.api.Assertions.assertThat;

class ClusterStateMachineTest {
    private final StateCodec codec = new StateCodec();

    @TempDir
    Path temp;

    private RocksResources resources;
    private long index;

    @BeforeEach
    void open() {
        resources = new RocksResources(RocksResources.Budget.of(1 << 20, 1 << 20));
    }

    @AfterEach
    void close() {
        resources.close();
    }

    private static List<ClusterCommand> oneOfEach() {
        return List.of(
                new ClusterCommand.Initialize("some-cluster", 1, new Settings(2, 2, 2), 1),
                Fixtures.register(id("a"), "x"),
                Fixtures.register(id("b"), ""),
                new ClusterCommand.PlaceShards(
                        List.of(
                                new ClusterCommand.Placement(0, List.of(id("a"), id("b"))),
                                new ClusterCommand.Placement(1, List.of(id("b"), id("a")))),
                        2),
                new ClusterCommand.ConfirmReplicas(List.of(new ClusterCommand.ReplicaRef(0, 1)), 3),
                new ClusterCommand.SetPreferredLeader(1, 1, 2, "test", 4),
                new ClusterCommand.StartOperator("transfer_leader", 0, 2, 5, "ordered", "test", 5),
                new ClusterCommand.StepOperator(5, "ordered", "waiting", 6),
                new ClusterCommand.StartOperator("transfer_leader", 1, 2, 5, "ordered", "test", 7),
                new ClusterCommand.EndOperator(7, true, "leads", 8),
                Fixtures.register(id("c"), "y"),
                new ClusterCommand.StartChange("move_replica", 1, 2, List.of(id("c")), 0, 2, "creating", "test", 8),
                new ClusterCommand.ConfirmMembers(
                        1,
                        9,
                        List.of(
                                new ReplicaInfo(id("b").toString(), 1, "voter"),
                                new ReplicaInfo(id("a").toString(), 2, "voter"),
                                new ReplicaInfo(id("c").toString(), 3, "learner")),
                        8),
                new ClusterCommand.SetIntent(id("a"), Intent.DRAIN, "test", 8, false),
                new ClusterCommand.SetPresence(id("b"), 1, Presence.DOWN, "silent", 9),
                new ClusterCommand.RecordEvent("note", "x", "y", 10));
    }

    @Test
    void everyCommandAndTheWholeStateOutliveARestart() throws IOException {
        ClusterState before;
        List<Outcome> outcomes = new ArrayList<>();
        Journal journal = new Journal();
        try (ClusterStateMachine machine = machine("one", journal)) {
            for (ClusterCommand command : oneOfEach()) {
                outcomes.add(apply(machine, command));
            }
            before = machine.state();
        }
        assertThat(outcomes).noneMatch(outcome -> outcome instanceof Outcome.Refused);
        assertThat(before.operators()).hasSize(2);
        Journal again = new Journal();
        try (ClusterStateMachine machine = machine("one", again)) {
            assertThat(machine.state()).isEqualTo(before);
            assertThat(machine.appliedIndex()).isEqualTo(index);
        }
        assertThat(again.after(0, 100)).isEqualTo(journal.after(0, 100)).isNotEmpty();
    }

    @Test
    void aSnapshotCarriesTheStateToAnotherCoordinator() throws IOException {
        Journal journal = new Journal();
        try (ClusterStateMachine from = machine("one", new Journal());
                ClusterStateMachine to = machine("two", journal)) {
            for (ClusterCommand command : oneOfEach()) {
                apply(from, command);
            }
            SnapshotFiles snapshot = from.snapshot();
            to.install(snapshot.directory());
            assertThat(to.state()).isEqualTo(from.state());
            assertThat(to.checksum()).isEqualTo(from.checksum());
            assertThat(journal.newestId()).isEqualTo(from.state().meta().nextEvent() - 1);
        }
    }

    @Test
    void aCommandOfAVersionToComeIsRefusedAndHarmsNothing() throws IOException {
        try (ClusterStateMachine machine = machine("one", new Journal())) {
            apply(machine, oneOfEach().getFirst());
            ClusterState before = machine.state();
            Outcome outcome = apply(
                    machine, "{\"type\":\"teleport\",\"at_ms\":1}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            assertThat(outcome).isInstanceOf(Outcome.Refused.class);
            assertThat(apply(machine, new byte[] {1, 2, 3})).isInstanceOf(Outcome.Refused.class);
            assertThat(machine.state()).isEqualTo(before);
        }
    }

    @Test
    void theOldestEventsGo() throws IOException {
        try (ClusterStateMachine machine = machine("one", new Journal())) {
            apply(machine, oneOfEach().getFirst());
            for (int i = 0; i < Limits.EVENTS_MAX + 10; i++) {
                apply(machine, new ClusterCommand.RecordEvent("note", "x", "", i));
            }
        }
        Journal journal = new Journal();
        try (ClusterStateMachine machine = machine("one", journal)) {
            assertThat(journal.newestId()).isEqualTo(machine.state().meta().nextEvent() - 1);
            assertThat(journal.after(0, Limits.EVENTS_MAX * 2)).hasSize(Limits.EVENTS_MAX);
        }
    }

    private ClusterStateMachine machine(String name, Journal journal) throws IOException {
        return new ClusterStateMachine(resources, temp.resolve(name), journal);
    }

    private Outcome apply(ClusterStateMachine machine, ClusterCommand command) throws IOException {
        return apply(machine, codec.encode(command));
    }

    private Outcome apply(ClusterStateMachine machine, byte[] command) throws IOException {
        Proposal proposal = new Proposal(command);
        machine.apply(new LogEntry(++index, List.of(command), List.<Command>of(proposal)));
        assertThat(proposal.outcome()).as("told only when written").isNotDone();
        machine.endOfTurn();
        return proposal.outcome().join();
    }
}
