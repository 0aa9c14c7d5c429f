package dev.ashlar.store.txn;

import java.util.ArrayList;
import java.util.List;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;

import dev.ashlar.access.gate.Gate;
import dev.ashlar.access.gate.Need;
import dev.ashlar.common.Limits;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.common.key.ShardHash;
import dev.ashlar.store.command.CommandCall;
import dev.ashlar.store.command.Outcome;
import dev.ashlar.store.command.ShardCommands;
import dev.ashlar.store.http.Bodies;
import dev.ashlar.store.http.Calls;
import dev.ashlar.store.http.Fences;
import dev.ashlar.store.kv.KvCommand;
import dev.ashlar.store.kv.KvResult;
import dev.ashlar.store.kv.TxnCompare;
import dev.ashlar.store.kv.TxnOp;
import dev.ashlar.store.membership.ClusterMap;

/**
 * {@code POST /v1/txn}.
 *
 * <ol>
 *   <li>Read it strictly; keys of more than one shard: 409 {@code cross_shard}.
 *   <li>It goes through the log of its shard even when it only reads: so it is linearizable whoever is asked (S2).
 *   <li>Whether the compares held is in the answer; it is 200 either way.
 * </ol>
 */
@Singleton
public class TxnRoute {
    private final ClusterMap map;
    private final ShardCommands commands;
    private final Bodies bodies;
    private final Calls calls;

    @Inject
    TxnRoute(ClusterMap map, ShardCommands commands, Bodies bodies, Calls calls) {
        this.map = map;
        this.commands = commands;
        this.bodies = bodies;
        this.calls = calls;
    }

    void register(@Observes Router router) {
        calls.post(router, "/v1/txn", this::handle);
    }

    private void handle(HttpServerRequest request) {
        int shards = calls.shards(map);
        bodies.read(
                request,
                Limits.JSON_BODY_BYTES_MAX,
                body -> calls.guarded(request, () -> run(request, TxnJson.parse(body), shards)),
                refused -> calls.fail(request, refused));
    }

    private void run(HttpServerRequest request, KvCommand.Txn txn, int shards) {
        permitted(request, txn);
        int shard = shard(txn, shards);
        Calls.fence(request).ifPresent(fence -> Fences.check(fence, shard, shards));
        CommandCall call = new CommandCall(txn, Calls.idempotencyKey(request), Calls.fence(request));
        commands.submit(shard, call, outcome -> {
            switch (outcome) {
                case Outcome.Failed(ApiException problem) -> calls.fail(request, shard, problem);
                case Outcome.Applied(KvResult.TxnDone done) ->
                    calls.json(request, 200, shard, done.revision(), TxnJson.answer(txn, done));
                case Outcome.Applied(KvResult.Rejected(ErrorCode code, String detail)) ->
                    calls.fail(request, shard, new ApiException(code, detail));
                case Outcome.Applied(KvResult other) ->
                    throw new IllegalStateException("a transaction was answered by " + other);
            }
        });
    }

    /** The gate let any token in: what the transaction reads and writes stands in its body. */
    private static void permitted(HttpServerRequest request, KvCommand.Txn txn) {
        for (TxnCompare compare : txn.compares()) {
            Gate.require(request, new Need.Read(compare.key()));
        }
        for (List<TxnOp> ops : List.of(txn.then(), txn.otherwise())) {
            for (TxnOp op : ops) {
                Gate.require(request, op instanceof TxnOp.Get ? new Need.Read(op.key()) : new Need.Write(op.key()));
            }
        }
    }

    private static int shard(KvCommand.Txn txn, int shards) {
        List<String> keys = new ArrayList<>(
                txn.compares().size() + txn.then().size() + txn.otherwise().size());
        for (TxnCompare compare : txn.compares()) {
            keys.add(compare.key());
        }
        for (List<TxnOp> ops : List.of(txn.then(), txn.otherwise())) {
            for (TxnOp op : ops) {
                keys.add(op.key());
            }
        }
        String first = keys.getFirst();
        int shard = ShardHash.shardOf(first, shards);
        for (String key : keys) {
            int other = ShardHash.shardOf(key, shards);
            if (other != shard) {
                throw new ApiException(
                        ErrorCode.CROSS_SHARD,
                        "the keys '" + first + "' and '" + key + "' live in shards " + shard + " and " + other
                                + ". A transaction is of one shard: give its keys one {tag}, such as {order-7}/state and"
                                + " {order-7}/log. Nothing was changed");
            }
        }
        return shard;
    }
}
