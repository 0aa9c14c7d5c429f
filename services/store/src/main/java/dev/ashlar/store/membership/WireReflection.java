package dev.ashlar.store.membership;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.quarkus.runtime.annotations.RegisterForReflection;

import dev.ashlar.common.cluster.AdminAnswer;
import dev.ashlar.common.cluster.ClusterView;
import dev.ashlar.common.cluster.CoordinatorInfo;
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

/** Names the records that become JSON, so that a native image keeps what Jackson needs of them. */
@RegisterForReflection(
        targets = {
            // Named in application.properties and made by name.
            PropertyNamingStrategies.SnakeCaseStrategy.class,
            AdminAnswer.class,
            ClusterView.class,
            CoordinatorInfo.class,
            HeartbeatRequest.class,
            HeartbeatResponse.class,
            LatchAdvice.class,
            MapState.class,
            Notice.class,
            Order.class,
            OrderResult.class,
            RegisterRequest.class,
            RegisterResponse.class,
            ReplicaCheck.class,
            ReplicaInfo.class,
            ReplicaReport.class,
            ShardInfo.class,
            StoreInfo.class
        })
final class WireReflection {
    private WireReflection() {}
}
