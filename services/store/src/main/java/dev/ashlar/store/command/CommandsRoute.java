package dev.ashlar.store.command;

import java.util.List;
import java.util.Optional;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import dev.ashlar.common.Limits;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.store.forward.Leaders;
import dev.ashlar.store.http.Bodies;
import dev.ashlar.store.http.Calls;
import dev.ashlar.store.http.Headers;
import dev.ashlar.store.http.Problems;
import dev.ashlar.store.membership.ClusterMap;
import dev.ashlar.store.replica.Replica;
import dev.ashlar.store.replica.Replicas;

/**
 * {@code POST /internal/v1/shards/{id}/commands}: commands that another store has checked and sends to the leader. A store
 * that does not lead submits nothing and says who does.
 */
@Singleton
public class CommandsRoute {
    private final ClusterMap map;
    private final Replicas replicas;
    private final Leaders leaders;
    private final ShardCommands commands;
    private final Bodies bodies;

    @Inject
    CommandsRoute(ClusterMap map, Replicas replicas, Leaders leaders, ShardCommands commands, Bodies bodies) {
        this.map = map;
        this.replicas = replicas;
        this.leaders = leaders;
        this.commands = commands;
        this.bodies = bodies;
    }

    static String path(int shard) {
        return "/internal/v1/shards/" + shard + "/commands";
    }

    void register(@Observes Router router) {
        router.route(HttpMethod.POST, "/internal/v1/shards/:shard/commands")
                .order(Calls.ORDER)
                .handler(this::handle);
    }

    private void handle(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        try {
            int shard = shard(routing.pathParam("shard"));
            bodies.read(
                    request,
                    Limits.COMMANDS_BODY_BYTES_MAX,
                    body -> take(request, shard, body),
                    refused -> Problems.send(request, refused));
        } catch (ApiException refused) {
            Problems.send(request, refused);
        }
    }

    private void take(HttpServerRequest request, int shard, byte[] body) {
        Optional<List<CommandCall>> calls = CommandWire.readCalls(body);
        if (calls.isEmpty()) {
            Problems.send(request, new ApiException(ErrorCode.INVALID_ARGUMENT, "the body is no list of commands"));
            return;
        }
        Replica replica = replicas.of(shard);
        if (replica == null || !replica.leads()) {
            notLeader(request, shard);
            return;
        }
        commands.local(replica, calls.get(), told -> {
            if (!request.response().closed()) {
                request.response().end(Buffer.buffer(CommandWire.told(told)));
            }
        });
    }

    private void notLeader(HttpServerRequest request, int shard) {
        request.response().putHeader(Headers.NOT_LEADER, leaders.address(shard));
        Problems.send(request, ShardCommands.noLeader(shard, "this store does not lead it"));
    }

    private int shard(String text) {
        if (text.matches("\\d{1,4}") && Integer.parseInt(text) < map.shards()) {
            return Integer.parseInt(text);
        }
        throw new ApiException(ErrorCode.INVALID_ARGUMENT, "there is no shard '" + text + "'");
    }
}
