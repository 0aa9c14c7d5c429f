package dev.ashlar.coordinator.http;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.quarkus.runtime.annotations.RegisterForReflection;

import dev.ashlar.common.StoreId;
import dev.ashlar.common.cluster.AdminAnswer;
import dev.ashlar.common.cluster.BootstrapStatus;
import dev.ashlar.common.cluster.ClusterView;
import dev.ashlar.common.cluster.CoordinatorInfo;
import dev.ashlar.common.cluster.Event;
import dev.ashlar.common.cluster.GateAnswer;
import dev.ashlar.common.cluster.HeartbeatRequest;
import dev.ashlar.common.cluster.HeartbeatResponse;
import dev.ashlar.common.cluster.LatchAdvice;
import dev.ashlar.common.cluster.Notice;
import dev.ashlar.common.cluster.Order;
import dev.ashlar.common.cluster.OrderResult;
import dev.ashlar.common.cluster.RegisterRequest;
import dev.ashlar.common.cluster.RegisterResponse;
import dev.ashlar.common.cluster.ReplicaCheck;
import dev.ashlar.common.cluster.ReplicaInfo;
import dev.ashlar.common.cluster.ReplicaReport;
import dev.ashlar.common.cluster.ShardInfo;
import dev.ashlar.common.cluster.StoreInfo;
import dev.ashlar.coordinator.state.ClusterCommand;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.OperatorRecord;
import dev.ashlar.coordinator.state.ReplicaRecord;
import dev.ashlar.coordinator.state.Settings;
import dev.ashlar.coordinator.state.ShardRecord;
import dev.ashlar.coordinator.state.StoreRecord;

/** Names the records that become JSON, so that a native image keeps what Jackson needs of them. */
@RegisterForReflection(
        targets = {
            // Named in application.properties and made by name.
            PropertyNamingStrategies.SnakeCaseStrategy.class,
            AdminAnswer.class,
            BootstrapStatus.class,
            ClusterCommand.class,
            ClusterCommand.ConfirmMembers.class,
            ClusterCommand.ConfirmReplicas.class,
            ClusterCommand.EndOperator.class,
            ClusterCommand.Finalize.class,
            ClusterCommand.Initialize.class,
            ClusterCommand.PlaceShards.class,
            ClusterCommand.Placement.class,
            ClusterCommand.RecordEvent.class,
            ClusterCommand.RegisterStore.class,
            ClusterCommand.ReplicaRef.class,
            ClusterCommand.RetireStore.class,
            ClusterCommand.SetIntent.class,
            ClusterCommand.SetPreferredLeader.class,
            ClusterCommand.SetPresence.class,
            ClusterCommand.StartChange.class,
            ClusterCommand.StartOperator.class,
            ClusterCommand.StepOperator.class,
            ClusterState.Meta.class,
            ClusterView.class,
            CoordinatorInfo.class,
            Event.class,
            EventPage.class,
            GateAnswer.class,
            HeartbeatRequest.class,
            HeartbeatResponse.class,
            LatchAdvice.class,
            Notice.class,
            OperatorRecord.class,
            Order.class,
            OrderResult.class,
            Problem.class,
            RegisterRequest.class,
            RegisterResponse.class,
            ReplicaCheck.class,
            ReplicaInfo.class,
            ReplicaRecord.class,
            ReplicaReport.class,
            Settings.class,
            ShardInfo.class,
            ShardRecord.class,
            StoreId.class,
            StoreInfo.class,
            StoreRecord.class,
            TransferRequest.class
        })
final class WireReflection {
    private WireReflection() {}
}
