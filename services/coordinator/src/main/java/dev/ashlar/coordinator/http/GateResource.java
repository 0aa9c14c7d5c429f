package dev.ashlar.coordinator.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpMethod;

import dev.ashlar.common.StoreId;
import dev.ashlar.common.cluster.GateAnswer;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.coordinator.boot.CoordinatorNode;
import dev.ashlar.coordinator.control.Control;
import dev.ashlar.coordinator.gate.CoordinatorsSeen;
import dev.ashlar.coordinator.gate.Gate;
import dev.ashlar.raft.GroupStatus;
import dev.ashlar.raft.Member;

/** {@code GET /v1/gate}: may an ordinal be restarted now. Answered by the leading coordinator only. */
@Path("/v1/gate")
@NonBlocking
@Produces(MediaType.APPLICATION_JSON)
public class GateResource {
    private static final int ORDINAL_MAX = 9_999;

    private final CoordinatorNode node;
    private final LeaderRelay leader;

    @Inject
    GateResource(CoordinatorNode node, LeaderRelay leader) {
        this.node = node;
        this.leader = leader;
    }

    /**
     * 400 {@code invalid_argument} for another StatefulSet or no ordinal, 404 when no such process has registered.
     *
     * @param statefulset {@code store} or {@code coordinator}
     * @param ordinal 0 to 9999
     */
    @GET
    public CompletionStage<Response> gate(
            @QueryParam("statefulset") String statefulset,
            @QueryParam("ordinal") String ordinal,
            @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization,
            @HeaderParam(LeaderAnswer.FORWARDED) String forwarded) {
        if (!"store".equals(statefulset) && !"coordinator".equals(statefulset)) {
            throw new ApiException(ErrorCode.INVALID_ARGUMENT, "statefulset must be store or coordinator");
        }
        if (ordinal == null) {
            throw new ApiException(ErrorCode.INVALID_ARGUMENT, "ordinal is missing");
        }
        long number = Checks.number("ordinal", ordinal, 0, 0, ORDINAL_MAX);
        String name = statefulset + "-" + number;
        return leader.answer(
                new LeaderRelay.Request(
                        HttpMethod.GET,
                        "/v1/gate?statefulset=" + statefulset + "&ordinal=" + number,
                        new byte[0],
                        authorization == null ? "" : authorization,
                        forwarded == null ? "" : forwarded),
                () -> CompletableFuture.completedFuture(
                        Response.ok(decide(statefulset, name)).build()));
    }

    private GateAnswer decide(String statefulset, String name) {
        CoordinatorNode.Running running = node.running().orElseThrow();
        Control.Seen seen = running.control().seen();
        CoordinatorsSeen coordinators = coordinators(running);
        Optional<GateAnswer> answer = statefulset.equals("store")
                ? Gate.ofStore(seen.state(), seen.observed(), coordinators, name, seen.nowMs())
                : Gate.ofCoordinator(coordinators, name);
        return answer.orElseThrow(() -> new ApiException(
                ErrorCode.NOT_FOUND,
                statefulset.equals("store")
                        ? "no store " + name + " has registered"
                        : name + " is no member of the coordinators' group: " + coordinators.members()));
    }

    private CoordinatorsSeen coordinators(CoordinatorNode.Running running) {
        GroupStatus status = running.group().status();
        List<String> members = status.voters().stream().map(GateResource::name).toList();
        List<String> learners =
                status.learners().stream().map(GateResource::name).toList();
        Map<String, Long> lag = status.matchIndexes().entrySet().stream()
                .collect(Collectors.toMap(
                        entry -> name(entry.getKey()), entry -> status.lastIndex() - entry.getValue(), Math::max));
        return new CoordinatorsSeen(
                members, learners, node.silentMembers(), lag, running.group().diskFull());
    }

    private static String name(Member member) {
        return StoreId.parse(member.nodeId()).name();
    }
}
