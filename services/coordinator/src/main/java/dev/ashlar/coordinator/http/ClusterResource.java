package dev.ashlar.coordinator.http;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;

import io.smallrye.common.annotation.NonBlocking;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;

import dev.ashlar.common.Limits;
import dev.ashlar.common.cluster.ClusterView;
import dev.ashlar.coordinator.boot.CoordinatorNode;
import dev.ashlar.coordinator.journal.Journal;

/** What people, the command line and smart clients read. */
@Path("/v1")
@NonBlocking
@Produces(MediaType.APPLICATION_JSON)
public class ClusterResource {
    private static final int EVENTS_LIMIT_DEFAULT = 100;

    private final CoordinatorNode node;
    private final ClusterAnswer answer;
    private final LeaderAnswer leader;

    @Inject
    ClusterResource(CoordinatorNode node, ClusterAnswer answer, LeaderAnswer leader) {
        this.node = node;
        this.answer = answer;
        this.leader = leader;
    }

    /** The leader's answer when this coordinator leads or reaches the one that does, its own replica otherwise. */
    @GET
    @Path("/cluster")
    public CompletionStage<ClusterView> cluster(
            @Parameter(hidden = true) @HeaderParam(LeaderAnswer.FORWARDED) String forwarded) {
        return leader.ask(forwarded == null ? "" : forwarded)
                .map(found -> found.orElseGet(answer::view))
                .toCompletionStage();
    }

    /** The events after an id, oldest first, as this coordinator has applied them. */
    @GET
    @Path("/events")
    public EventPage events(
            @Parameter(
                            description = "The number of an event; answered is what came behind it",
                            schema = @Schema(type = SchemaType.INTEGER, format = "int64", minimum = "0"))
                    @QueryParam("after")
                    String after,
            @Parameter(
                            schema =
                                    @Schema(
                                            type = SchemaType.INTEGER,
                                            minimum = "1",
                                            maximum = "1000",
                                            defaultValue = "100"))
                    @QueryParam("limit")
                    String limit) {
        long afterId = Checks.number("after", after, 0, 0, Long.MAX_VALUE);
        int count = (int) Checks.number("limit", limit, EVENTS_LIMIT_DEFAULT, 1, Limits.EVENTS_LIMIT_MAX);
        Optional<Journal> journal =
                node.running().map(running -> running.group().journal());
        return new EventPage(
                journal.map(j -> j.after(afterId, count)).orElse(List.of()),
                journal.map(Journal::newestId).orElse(0L));
    }
}
