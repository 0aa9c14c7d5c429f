package dev.ashlar.store.command;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;

import dev.ashlar.common.Limits;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.raft.Command;
import dev.ashlar.store.forward.Forwarded;
import dev.ashlar.store.forward.Forwarder;
import dev.ashlar.store.forward.Leaders;
import dev.ashlar.store.http.Headers;
import dev.ashlar.store.kv.KvCallback;
import dev.ashlar.store.kv.KvResult;
import dev.ashlar.store.kv.KvSubmission;
import dev.ashlar.store.membership.Membership;
import dev.ashlar.store.replica.Replica;
import dev.ashlar.store.replica.Replicas;

/**
 * Commands for one shard, taken to where it is led.
 *
 * <ol>
 *   <li>This store leads it: submit them to the group, in order. Else send them to the leader in one request, and once more
 *       to the leader that it names when it does not lead any more and has done nothing.
 *   <li>Every command gets one outcome. {@code no_leader}, {@code too_many_requests} and {@code disk_full} say that nothing
 *       was done; {@code timeout} that nobody knows.
 * </ol>
 *
 * <p>To be called on an event loop; the callback comes on the same one, exactly once, within the write timeout and a little.
 */
@Singleton
public class ShardCommands {
    private static final int SENDS_MAX = 2;

    private final Vertx vertx;
    private final Replicas replicas;
    private final Leaders leaders;
    private final Forwarder forwarder;
    private final Membership membership;

    @Inject
    ShardCommands(Vertx vertx, Replicas replicas, Leaders leaders, Forwarder forwarder, Membership membership) {
        this.vertx = vertx;
        this.replicas = replicas;
        this.leaders = leaders;
        this.forwarder = forwarder;
        this.membership = membership;
    }

    /** One command. */
    public void submit(int shard, CommandCall call, Consumer<Outcome> done) {
        submit(shard, List.of(call), outcomes -> done.accept(outcomes.getFirst()));
    }

    /** Commands in their order; the outcomes in the same. */
    public void submit(int shard, List<CommandCall> calls, Consumer<List<Outcome>> done) {
        Replica replica = replicas.of(shard);
        if (replica != null && replica.leads()) {
            local(replica, calls, told -> {
                // Leadership may have moved just now; then nothing was appended, and the new leader may be known.
                boolean nothingDone = told.stream().allMatch(ShardCommands::notLeader);
                if (nothingDone && !leaders.address(shard).isEmpty()) {
                    remote(shard, calls, leaders.address(shard), 1, done);
                } else {
                    done.accept(outcomes(shard, told));
                }
            });
            return;
        }
        String address = leaders.address(shard);
        if (address.isEmpty()) {
            done.accept(all(calls, noLeader(shard, "it may be electing one")));
        } else {
            remote(shard, calls, address, 1, done);
        }
    }

    /** Submits to the local group whether it leads or not. */
    void local(Replica replica, List<CommandCall> calls, Consumer<List<Told>> done) {
        Gather gather = new Gather(vertx.getOrCreateContext(), calls.size(), done);
        for (int i = 0; i < calls.size(); i++) {
            CommandCall call = calls.get(i);
            KvCallback told = gather.callback(i);
            try {
                replica.group()
                        .submit(KvSubmission.of(
                                call.command(), replica.nowMs(), call.idempotencyKey(), call.fence(), told));
            } catch (ApiException refused) {
                // Those before it are on their way already.
                told.applied(new KvResult.Rejected(refused.code(), refused.getMessage()));
            }
        }
    }

    private void remote(int shard, List<CommandCall> calls, String address, int sends, Consumer<List<Outcome>> done) {
        forwarder.send(
                shard,
                address,
                HttpMethod.POST,
                CommandsRoute.path(shard),
                MultiMap.caseInsensitiveMultiMap().set(Headers.FORWARDED, membership.name()),
                Buffer.buffer(CommandWire.calls(calls)),
                result -> took(shard, calls, address, sends, result, done));
    }

    private void took(
            int shard,
            List<CommandCall> calls,
            String address,
            int sends,
            Forwarded result,
            Consumer<List<Outcome>> done) {
        switch (result) {
            case Forwarded.Answered answer
            when answer.status() == 200 -> {
                Optional<List<Told>> told = CommandWire.readTold(answer.body().getBytes(), calls.size());
                done.accept(
                        told.isPresent()
                                ? outcomes(shard, told.get())
                                : all(calls, unknown("the leader of shard " + shard + " gave no valid answer")));
            }
            case Forwarded.Answered answer -> {
                String leader = answer.headers().get(Headers.NOT_LEADER);
                if (leader != null && !leader.isEmpty() && !leader.equals(address) && sends < SENDS_MAX) {
                    remote(shard, calls, leader, sends + 1, done);
                } else {
                    // Every refusal of the route comes before anything is submitted.
                    done.accept(all(calls, noLeader(shard, "leadership is moving")));
                }
            }
            case Forwarded.NotSent notSent ->
                done.accept(all(calls, noLeader(shard, "the store at " + address + " cannot be reached")));
            case Forwarded.Lost lost ->
                done.accept(all(calls, unknown("the leader of shard " + shard + " gave no answer")));
        }
    }

    private static boolean notLeader(Told told) {
        return told instanceof Told.Failure(Command.Failure failure) && failure == Command.Failure.NOT_LEADER;
    }

    private static List<Outcome> outcomes(int shard, List<Told> told) {
        return told.stream().map(one -> outcome(shard, one)).toList();
    }

    private static Outcome outcome(int shard, Told told) {
        return switch (told) {
            case Told.Result(KvResult result) -> new Outcome.Applied(result);
            case Told.Failure(Command.Failure failure) -> new Outcome.Failed(problem(shard, failure));
        };
    }

    private static ApiException problem(int shard, Command.Failure failure) {
        return switch (failure) {
            case NOT_LEADER -> noLeader(shard, "leadership is moving");
            case OVERLOADED ->
                new ApiException(
                        ErrorCode.TOO_MANY_REQUESTS,
                        "too many writes wait for shard " + shard + ". Nothing was changed",
                        1_000);
            case DISK_FULL ->
                new ApiException(
                        ErrorCode.DISK_FULL,
                        "the disk of the leader of shard " + shard
                                + " is full: it takes no writes until there is space, reads go on",
                        5_000);
            case UNKNOWN -> unknown("leadership of shard " + shard + " was lost on the way");
        };
    }

    private static List<Outcome> all(List<CommandCall> calls, ApiException problem) {
        Outcome[] outcomes = new Outcome[calls.size()];
        Arrays.fill(outcomes, new Outcome.Failed(problem));
        return List.of(outcomes);
    }

    static ApiException noLeader(int shard, String why) {
        return new ApiException(
                ErrorCode.NO_LEADER,
                "shard " + shard + " has no leader that can be reached: " + why + ". Nothing was changed",
                1_000);
    }

    private static ApiException unknown(String why) {
        return new ApiException(
                ErrorCode.TIMEOUT,
                why
                        + "; the outcome is unknown: the write may take effect, or not. Read before writing again, or use an "
                        + "Idempotency-Key to make retries safe.");
    }

    /** Collects what the engine thread tells, and hands all of it to the event loop at once. */
    private final class Gather {
        private final Context context;
        private final Told[] told;
        private final AtomicInteger missing;
        private final Consumer<List<Told>> done;
        private final long timer;
        private boolean over;

        Gather(Context context, int count, Consumer<List<Told>> done) {
            this.context = context;
            this.told = new Told[count];
            this.missing = new AtomicInteger(count);
            this.done = done;
            // On the event loop, like everything that looks at `over`.
            timer = vertx.setTimer(Limits.WRITE_TIMEOUT_MS, late -> finish());
        }

        KvCallback callback(int index) {
            return new KvCallback() {
                @Override
                public void applied(KvResult result) {
                    tell(index, new Told.Result(result));
                }

                @Override
                public void failed(Command.Failure failure) {
                    tell(index, new Told.Failure(failure));
                }
            };
        }

        private void tell(int index, Told outcome) {
            synchronized (told) {
                told[index] = outcome;
            }
            if (missing.decrementAndGet() == 0) {
                context.runOnContext(now -> finish());
            }
        }

        private void finish() {
            if (over) {
                return;
            }
            over = true;
            vertx.cancelTimer(timer);
            List<Told> all = new ArrayList<>(told.length);
            synchronized (told) {
                for (Told one : told) {
                    all.add(one == null ? new Told.Failure(Command.Failure.UNKNOWN) : one);
                }
            }
            done.accept(all);
        }
    }
}
