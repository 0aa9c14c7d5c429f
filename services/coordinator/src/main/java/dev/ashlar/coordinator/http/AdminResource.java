package dev.ashlar.coordinator.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import jakarta.inject.Inject;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpMethod;

import dev.ashlar.common.Limits;
import dev.ashlar.common.cluster.AdminAnswer;
import dev.ashlar.common.disk.DataDirectory;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.coordinator.boot.CoordinatorNode;
import dev.ashlar.coordinator.control.Orders;
import dev.ashlar.coordinator.state.Intent;

/**
 * What a person orders. Every order is answered by the leading coordinator once it is committed; asking twice is harmless:
 * the second answer says that nothing changed. What cannot be done is refused, and nothing is changed.
 */
@Path("/v1")
@NonBlocking
@Produces(MediaType.APPLICATION_JSON)
public class AdminResource {
    private final CoordinatorNode node;
    private final LeaderRelay leader;
    private final ObjectMapper json;

    @Inject
    AdminResource(CoordinatorNode node, LeaderRelay leader, ObjectMapper json) {
        this.node = node;
        this.leader = leader;
        this.json = json;
    }

    /** Leaderships leave the store and do not come back before {@code undrain} or its restart. 404 for an unknown store. */
    @POST
    @Path("/stores/{name}/drain")
    public CompletionStage<Response> drain(
            @PathParam("name") String name,
            @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization,
            @HeaderParam(LeaderAnswer.FORWARDED) String forwarded) {
        return intent(name, Intent.DRAIN, "drain", authorization, forwarded);
    }

    /** The store serves as any other again, after a drain or an unfinished decommission. */
    @POST
    @Path("/stores/{name}/undrain")
    public CompletionStage<Response> undrain(
            @PathParam("name") String name,
            @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization,
            @HeaderParam(LeaderAnswer.FORWARDED) String forwarded) {
        return intent(name, Intent.SERVE, "undrain", authorization, forwarded);
    }

    /** Replicas leave the store for good. 409 {@code conflict} when too few stores would be left for the replication factor. */
    @POST
    @Path("/stores/{name}/decommission")
    public CompletionStage<Response> decommission(
            @PathParam("name") String name,
            @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization,
            @HeaderParam(LeaderAnswer.FORWARDED) String forwarded) {
        return intent(name, Intent.DECOMMISSION, "decommission", authorization, forwarded);
    }

    /** A store with a voter shall lead the shard. 404 for an unknown shard or store, 409 {@code conflict} for a non-voter. */
    @POST
    @Path("/shards/{id}/transfer")
    public CompletionStage<Response> transfer(
            @PathParam("id") String id,
            byte[] body,
            @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization,
            @HeaderParam(LeaderAnswer.FORWARDED) String forwarded) {
        int shard = (int) Checks.number("the shard", id, 0, 0, Limits.SHARDS_MAX - 1L);
        String to = Checks.name("to", target(body));
        byte[] valid = ("{\"to\":\"" + to + "\"}").getBytes(StandardCharsets.UTF_8);
        return order("/v1/shards/" + shard + "/transfer", valid, authorization, forwarded, () -> orders().transfer(
                        shard, to));
    }

    /** Ends an upgrade. 409 {@code conflict} while a store or a coordinator runs an older version. */
    @POST
    @Path("/finalize")
    public CompletionStage<Response> finish(
            @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization,
            @HeaderParam(LeaderAnswer.FORWARDED) String forwarded) {
        return order("/v1/finalize", new byte[0], authorization, forwarded, this::finishHere);
    }

    private CompletionStage<Response> intent(
            String name, Intent intent, String verb, String authorization, String forwarded) {
        String valid = Checks.name("the store", name);
        return order("/v1/stores/" + valid + "/" + verb, new byte[0], authorization, forwarded, () -> orders().intent(
                        valid, intent));
    }

    private CompletionStage<Response> order(
            String uri,
            byte[] body,
            String authorization,
            String forwarded,
            Supplier<CompletableFuture<AdminAnswer>> here) {
        LeaderRelay.Request request = new LeaderRelay.Request(
                HttpMethod.POST,
                uri,
                body,
                authorization == null ? "" : authorization,
                forwarded == null ? "" : forwarded);
        return leader.answer(
                request, () -> here.get().thenApply(done -> Response.ok(done).build()));
    }

    private CompletableFuture<AdminAnswer> finishHere() {
        int format = DataDirectory.newestFormat();
        return orders().finish(format, node.membersBelow(format));
    }

    private Orders orders() {
        return new Orders(node.running().orElseThrow().control(), System::currentTimeMillis);
    }

    private String target(byte[] body) {
        try {
            TransferRequest request = json.readValue(body == null ? new byte[0] : body, TransferRequest.class);
            return request == null ? "" : request.to();
        } catch (IOException notJson) {
            throw new ApiException(ErrorCode.INVALID_ARGUMENT, "the body must be JSON such as {\"to\":\"store-1\"}");
        }
    }
}
