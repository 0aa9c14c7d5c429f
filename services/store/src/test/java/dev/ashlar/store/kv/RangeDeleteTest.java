package dev.ashlar.store.kv;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.ashlar.common.Limits;

import static org.assertj.core.api.Assertions.assertThat;

/** A range goes in one entry when it is small, in bounded parts when it is not. */
class RangeDeleteTest {
    private final KvFixture kv = fixture();

    private static KvFixture fixture() {
        try {
            return new KvFixture();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @AfterEach
    void close() throws IOException {
        kv.close();
    }

    private static KvCommand range(String prefix) {
        return new KvCommand.DeleteRange(prefix, "", 0);
    }

    @Test
    void takesWhatBeginsWithThePrefixAndNothingElse() throws IOException {
        kv.apply(
                KvFixture.put("a", "0"), KvFixture.put("a/1", "1"), KvFixture.put("a/2", "2"), KvFixture.put("b", "3"));
        assertThat(kv.one(range("a/"))).isEqualTo(new KvResult.RangeDeleted(2, 4, ""));
        assertThat(kv.shard.revision()).isEqualTo(6);
        assertThat(kv.value("a")).isEqualTo("0");
        assertThat(kv.value("a/1")).isEqualTo("absent");
        assertThat(kv.value("b")).isEqualTo("3");
        assertThat(kv.one(range("a/"))).isEqualTo(new KvResult.RangeDeleted(0, 6, ""));
        assertThat(kv.one(range(""))).isEqualTo(new KvResult.RangeDeleted(2, 6, ""));
    }

    @Test
    void seesWhatTheSameTurnDid() throws IOException {
        kv.apply(KvFixture.put("p/1", "x"), KvFixture.put("p/3", "x"));
        List<KvResult> results = kv.apply(
                KvFixture.delete("p/1"),
                KvFixture.put("p/0", "y"),
                KvFixture.put("p/3", "y"),
                KvFixture.put("p/4", "y"),
                range("p/"),
                KvFixture.put("p/3", "z"));
        assertThat(results.get(4)).isEqualTo(new KvResult.RangeDeleted(3, 6, ""));
        assertThat(results.get(5)).isEqualTo(new KvResult.Written(10, true));
        assertThat(kv.value("p/0")).isEqualTo("absent");
        assertThat(kv.value("p/3")).isEqualTo("z");
    }

    @Test
    void aLargeRangeGoesInPartsAndSparesWhatWasWrittenMeanwhile() throws IOException {
        int keys = Limits.RANGE_DELETE_KEYS_MAX + 5;
        List<KvCommand> puts = new ArrayList<>();
        for (int i = 0; i < keys; i++) {
            puts.add(KvFixture.put("r/%05d".formatted(i), "v"));
        }
        kv.apply(puts.toArray(KvCommand[]::new));
        KvResult.RangeDeleted first = (KvResult.RangeDeleted) kv.one(range("r/"));
        assertThat(first.deleted()).isEqualTo(Limits.RANGE_DELETE_KEYS_MAX);
        assertThat(first.boundary()).isEqualTo(keys);
        assertThat(first.lastKey()).isEqualTo("r/%05d".formatted(Limits.RANGE_DELETE_KEYS_MAX - 1));
        String late = "r/%05d".formatted(keys - 1);
        kv.apply(KvFixture.put(late, "late"));
        KvResult rest = kv.one(new KvCommand.DeleteRange("r/", first.lastKey(), first.boundary()));
        assertThat(rest).isEqualTo(new KvResult.RangeDeleted(4, keys, ""));
        assertThat(kv.value(late)).isEqualTo("late");
    }

    @Test
    void largeValuesGoInPartsToo() throws IOException {
        int keys = 10;
        KvCommand[] commands = new KvCommand[keys + 1];
        for (int i = 0; i < keys; i++) {
            commands[i] = new KvCommand.Put(
                    "v/" + i, new byte[Limits.VALUE_BYTES_MAX], ContentTypes.DEFAULT, Precondition.NONE, 0);
        }
        commands[keys] = range("v/");
        // In the turn that wrote the values it stops where it stops when they are in the database.
        KvResult.RangeDeleted inTurn =
                (KvResult.RangeDeleted) kv.apply(commands).getLast();
        assertThat(inTurn.deleted()).isEqualTo(Limits.RANGE_DELETE_ROW_BYTES_MAX / Limits.VALUE_BYTES_MAX);
        for (int i = 0; i < keys; i++) {
            kv.one(commands[i]);
        }
        KvResult.RangeDeleted part = (KvResult.RangeDeleted) kv.one(range("v/"));
        assertThat(part.deleted()).isEqualTo(inTurn.deleted());
        assertThat(part.lastKey()).isEqualTo(inTurn.lastKey());
        long deleted = part.deleted();
        for (int parts = 1; !part.lastKey().isEmpty(); parts++) {
            assertThat(parts).isLessThan(keys);
            part = (KvResult.RangeDeleted) kv.one(new KvCommand.DeleteRange("v/", part.lastKey(), part.boundary()));
            deleted += part.deleted();
        }
        assertThat(deleted).isEqualTo(keys);
    }

    @Test
    void keysWithATtlLeaveNoExpiryBehind() throws IOException {
        kv.apply(KvFixture.put("t/1", "v", Precondition.NONE, 5_000));
        kv.one(range("t/"));
        assertThat(kv.shard.nextExpiryMs()).isEqualTo(Long.MAX_VALUE);
    }
}
