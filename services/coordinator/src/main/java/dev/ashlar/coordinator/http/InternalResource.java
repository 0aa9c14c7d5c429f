package dev.ashlar.coordinator.http;

import java.util.concurrent.CompletionStage;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.smallrye.common.annotation.NonBlocking;

import dev.ashlar.common.cluster.AdminAnswer;
import dev.ashlar.common.cluster.BootstrapStatus;
import dev.ashlar.common.cluster.HeartbeatRequest;
import dev.ashlar.common.cluster.HeartbeatResponse;
import dev.ashlar.common.cluster.RegisterRequest;
import dev.ashlar.common.cluster.RegisterResponse;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.coordinator.boot.CoordinatorNode;
import dev.ashlar.coordinator.control.Control;
import dev.ashlar.coordinator.control.Orders;

/** What stores and the other coordinators call. */
@Path("/internal/v1")
@NonBlocking
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class InternalResource {
    private final CoordinatorNode node;

    @Inject
    InternalResource(CoordinatorNode node) {
        this.node = node;
    }

    /** What this coordinator says of itself. Answers on every coordinator, formed or not. */
    @GET
    @Path("/bootstrap")
    public BootstrapStatus bootstrap() {
        return node.status()
                .orElseThrow(() -> new ApiException(ErrorCode.NO_LEADER, "this coordinator is starting", 1_000));
    }

    /** A store process has started. Answered when the registration is committed. */
    @POST
    @Path("/stores/register")
    public CompletionStage<RegisterResponse> register(RegisterRequest request) {
        RegisterRequest valid = Checks.valid(request);
        return control().register(valid);
    }

    /** A store is alive; the answer has the map and its orders. */
    @POST
    @Path("/stores/heartbeat")
    public HeartbeatResponse heartbeat(HeartbeatRequest beat) {
        HeartbeatRequest valid = Checks.valid(beat);
        return control().heartbeat(valid);
    }

    /** A store leaves until it starts again. Answered when it is committed; 409 {@code conflict} when too few would be left. */
    @POST
    @Path("/stores/{name}/decommission")
    public CompletionStage<AdminAnswer> decommission(@PathParam("name") String name) {
        return new Orders(control(), System::currentTimeMillis).scaleIn(Checks.name("the store", name));
    }

    private Control control() {
        return node.running()
                .map(CoordinatorNode.Running::control)
                .orElseThrow(() -> new ApiException(
                        ErrorCode.NO_LEADER, "the coordinators' group is not formed yet: " + node.waitingFor(), 1_000));
    }
}
