package dev.ashlar.store.http;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.raft.Command;
import dev.ashlar.store.kv.KvCallback;
import dev.ashlar.store.kv.KvCommand;
import dev.ashlar.store.kv.KvResult;
import dev.ashlar.store.kv.KvSubmission;
import dev.ashlar.store.kv.Precondition;
import dev.ashlar.store.membership.Membership;
import dev.ashlar.store.replica.Replica;
import dev.ashlar.store.replica.Replicas;

/**
 * The way of a write, once it is known to be valid.
 *
 * <ol>
 *   <li>This store leads the shard: submit the command; it joins the batch of the shard's next log entry. Else hand the
 *       request to the leader.
 *   <li>The state machine tells the result on the engine thread, after the entry is on the disks of a majority and applied
 *       here; the answer is written back on the event loop.
 *   <li>Not the leader after all: nothing was appended, so it may go to the leader once. Leadership lost with the entry in
 *       the log: 504, the outcome is unknown.
 * </ol>
 */
@Singleton
public class Writes {
    private final Replicas replicas;
    private final ToLeader toLeader;
    private final Membership membership;

    @Inject
    Writes(Replicas replicas, ToLeader toLeader, Membership membership) {
        this.replicas = replicas;
        this.toLeader = toLeader;
        this.membership = membership;
    }

    /** On the event loop of the request. */
    void write(Exchange exchange, KvCommand command, byte[] body) {
        Replica replica = replicas.of(exchange.shard());
        if (replica == null || !replica.leads()) {
            toLeader.send(exchange, body, () -> write(exchange, command, body));
            return;
        }
        KvSubmission submission;
        try {
            submission = KvSubmission.of(
                    command,
                    replica.nowMs(),
                    exchange.idempotencyKey(),
                    exchange.fence(),
                    new Callback(exchange, command, body));
        } catch (ApiException refused) {
            exchange.fail(refused);
            return;
        }
        exchange.markSent();
        replica.group().submit(submission);
    }

    private final class Callback implements KvCallback {
        private final Exchange exchange;
        private final KvCommand command;
        private final byte[] body;

        Callback(Exchange exchange, KvCommand command, byte[] body) {
            this.exchange = exchange;
            this.command = command;
            this.body = body;
        }

        @Override
        public void applied(KvResult result) {
            exchange.onLoop(() -> answer(exchange, command, result));
        }

        @Override
        public void failed(Command.Failure failure) {
            exchange.onLoop(() -> refuse(exchange, command, body, failure));
        }
    }

    private void refuse(Exchange exchange, KvCommand command, byte[] body, Command.Failure failure) {
        switch (failure) {
            case NOT_LEADER -> toLeader.send(exchange, body, () -> write(exchange, command, body));
            case OVERLOADED ->
                exchange.fail(new ApiException(
                        ErrorCode.TOO_MANY_REQUESTS,
                        "too many writes wait for shard " + exchange.shard() + ". Nothing was changed",
                        1_000));
            case DISK_FULL ->
                exchange.fail(new ApiException(
                        ErrorCode.DISK_FULL,
                        "the disk of the leader, " + membership.name()
                                + ", is full: it takes no writes until there is space, reads go on",
                        5_000));
            case UNKNOWN ->
                exchange.fail(exchange.unknownOutcome("leadership was lost while the write was on its way"));
        }
    }

    private void answer(Exchange exchange, KvCommand command, KvResult result) {
        switch (result) {
            case KvResult.Rejected rejected -> exchange.fail(rejected.code(), rejected.detail());
            case KvResult.PreconditionFailed failed -> preconditionFailed(exchange, command, failed);
            case KvResult.NotFound notFound ->
                exchange.fail(ErrorCode.NOT_FOUND, "there is no such key, nothing was deleted");
            case KvResult.Written written -> {
                if (exchange.claim()) {
                    HttpServerResponse response =
                            exchange.head(written.created() ? 201 : 200, membership.name(), written.revision());
                    response.headers()
                            .set(HttpHeaders.ETAG, etag(written.revision()))
                            .set(HttpHeaders.CONTENT_TYPE, Headers.JSON);
                    exchange.end(JsonText.written(exchange.key(), written.revision(), exchange.shard()));
                }
            }
            case KvResult.Deleted deleted -> {
                if (exchange.claim()) {
                    exchange.head(204, membership.name(), deleted.revision());
                    exchange.end();
                }
            }
            case KvResult.TxnDone other -> throw otherCommand(other);
            case KvResult.RangeDeleted other -> throw otherCommand(other);
            case KvResult.LockHeld other -> throw otherCommand(other);
            case KvResult.LockRefused other -> throw otherCommand(other);
        }
    }

    private static IllegalStateException otherCommand(KvResult result) {
        return new IllegalStateException("a write of one key was answered by " + result);
    }

    private static void preconditionFailed(Exchange exchange, KvCommand command, KvResult.PreconditionFailed failed) {
        if (exchange.isAnswered()) {
            return;
        }
        if (failed.exists()) {
            exchange.request().response().headers().set(HttpHeaders.ETAG, etag(failed.currentRevision()));
        }
        boolean createOnly = command instanceof KvCommand.Put put && put.precondition() instanceof Precondition.Absent;
        exchange.fail(
                createOnly ? ErrorCode.EXISTS : ErrorCode.REVISION_MISMATCH,
                failed.exists()
                        ? "the key exists at revision " + failed.currentRevision() + ", nothing was changed"
                        : "there is no such key, nothing was changed");
    }

    static String etag(long revision) {
        return "\"" + revision + "\"";
    }
}
