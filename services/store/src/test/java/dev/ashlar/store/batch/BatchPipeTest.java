package dev.ashlar.store.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import dev.ashlar.common.Limits;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.store.command.CommandCall;
import dev.ashlar.store.command.Outcome;
import dev.ashlar.store.http.JsonFields;
import dev.ashlar.store.kv.KvCommand;
import dev.ashlar.store.kv.KvResult;
import dev.ashlar.store.kv.Precondition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** An item that cannot be served is answered, and those after it are served. */
class BatchPipeTest {
    private final List<String> answers = new ArrayList<>();

    private void answer(String key, Outcome outcome) {
        answers.add(key + " " + BatchItem.status(outcome));
    }

    private static CommandCall delete(String key) {
        return CommandCall.of(new KvCommand.Delete(key, Precondition.NONE));
    }

    @Test
    void aRefusalOfWhoAppliesBecomesTheAnswerOfItsItems() {
        BatchPipe pipe = new BatchPipe(
                (shard, calls, done) -> {
                    if (BatchItem.key(calls.getFirst().command()).equals("bad")) {
                        throw new ApiException(ErrorCode.INVALID_ARGUMENT, "planted");
                    }
                    done.accept(calls.stream()
                            .<Outcome>map(call -> new Outcome.Applied(new KvResult.Deleted(1)))
                            .toList());
                },
                this::answer,
                () -> {});
        pipe.offer(0, delete("a"));
        pipe.offer(0, delete("bad"));
        pipe.offer(0, delete("b"));
        pipe.offer(1, delete("c"));
        assertThat(answers).containsExactly("a 204", "bad 400", "b 204", "c 204");
        assertThat(pipe.isEmpty()).isTrue();
    }

    @Test
    void anIdempotencyKeyHasTheSameRuleAsTheHeader() {
        String longest = "é".repeat(Limits.IDEMPOTENCY_KEY_BYTES_MAX / 2);
        assertThat(parse(longest).idempotencyKey()).contains(longest);
        for (String bad : new String[] {"", longest + "x", "\\ud800"}) {
            assertThatThrownBy(() -> parse(bad))
                    .isInstanceOfSatisfying(ApiException.class, refused -> assertThat(refused.code())
                            .isEqualTo(ErrorCode.INVALID_ARGUMENT));
        }
    }

    private static CommandCall parse(String idempotencyKey) {
        String item = "{\"op\":\"delete\",\"key\":\"a\",\"idempotency_key\":\"" + idempotencyKey + "\"}";
        return BatchItem.parse(
                JsonFields.parse(item.getBytes(java.nio.charset.StandardCharsets.UTF_8), "the line", BatchItem.FIELDS),
                Optional.empty());
    }
}
