package dev.ashlar.store.http;

import java.util.ArrayList;
import java.util.List;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.smallrye.common.annotation.NonBlocking;

import dev.ashlar.access.Access;
import dev.ashlar.common.cluster.ClusterView;
import dev.ashlar.common.cluster.CoordinatorInfo;
import dev.ashlar.common.cluster.ShardInfo;
import dev.ashlar.raft.GroupStatus;
import dev.ashlar.raft.Member;
import dev.ashlar.store.membership.ClusterMap;
import dev.ashlar.store.membership.MapState;
import dev.ashlar.store.membership.Membership;
import dev.ashlar.store.membership.Registration;
import dev.ashlar.store.replica.Replica;
import dev.ashlar.store.replica.Replicas;

/**
 * {@code GET /v1/cluster}: the cluster as this store sees it. The map is the one the coordinators gave last; of the shards
 * that have a replica here, leader, term and revision are what that replica knows, which is newer.
 */
@Path("/v1/cluster")
public class ClusterResource {
    private final ClusterMap map;
    private final Membership membership;
    private final Replicas replicas;
    private final Access access;

    @Inject
    public ClusterResource(ClusterMap map, Membership membership, Replicas replicas, Access access) {
        this.map = map;
        this.membership = membership;
        this.replicas = replicas;
        this.access = access;
    }

    @GET
    @NonBlocking
    @Produces(MediaType.APPLICATION_JSON)
    public ClusterView cluster() {
        MapState state = map.state();
        Registration registration = membership.registration();
        List<String> problems = new ArrayList<>();
        if (!registration.problem().isEmpty()) {
            problems.add("coordinator: " + registration.problem());
        }
        if (replicas.diskFull()) {
            problems.add("disk_full: " + membership.name() + " takes no writes until there is space");
        }
        replicas.problems().forEach((shard, problem) -> problems.add("shard " + shard + ": " + problem));
        replicas.damaged()
                .forEach(
                        (shard, damage) -> problems.add("shard " + shard + ": the replica here is damaged: " + damage));
        List<ShardInfo> shards = state.map().stream().map(this::seenHere).toList();
        boolean leaderless = false;
        for (ShardInfo shard : shards) {
            if (shard.leaderReplica() == 0) {
                leaderless = true;
                problems.add("shard " + shard.shard() + " has no leader");
            }
        }
        return new ClusterView(
                state.clusterId(),
                membership.name(),
                false,
                state.epoch(),
                shards,
                state.stores(),
                coordinators(registration),
                leaderless || shards.isEmpty() ? "unavailable" : problems.isEmpty() ? "ok" : "degraded",
                problems,
                access.isOn());
    }

    private ShardInfo seenHere(ShardInfo info) {
        Replica replica = replicas.of(info.shard());
        if (replica == null) {
            return info;
        }
        GroupStatus status = replica.group().status();
        return new ShardInfo(
                info.shard(),
                info.epoch(),
                info.replicas(),
                info.preferredLeader(),
                status.leader().map(Member::replicaId).orElse(0L),
                status.term(),
                replica.kv().revision());
    }

    private static List<CoordinatorInfo> coordinators(Registration registration) {
        String address = registration.coordinator().replaceFirst("^https?://", "");
        return address.isEmpty() ? List.of() : List.of(new CoordinatorInfo("", address, true));
    }
}
