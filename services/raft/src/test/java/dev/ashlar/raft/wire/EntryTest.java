package dev.ashlar.raft.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import dev.ashlar.raft.log.LogPosition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EntryTest {
    private static final LogPosition SOMEWHERE = new LogPosition(3, 40, 9);

    @Test
    void theCommandsOfAStoredEntryAreReadOnceAndOnlyWhenAskedFor() {
        Operation.Batch batch = new Operation.Batch(List.of(new byte[] {7, 8}, new byte[0]), List.of());
        byte[] payload = Operations.encode(batch);
        AtomicInteger reads = new AtomicInteger();
        Entry entry = new Entry(5, 2, Operations.BATCH, SOMEWHERE, payload.length, position -> {
            assertThat(position).isEqualTo(SOMEWHERE);
            reads.incrementAndGet();
            return payload;
        });
        Operation.Batch stored = (Operation.Batch) entry.getOperation();
        assertThat(reads).hasValue(0);
        assertThat(stored.commands()).containsExactly(new byte[] {7, 8}, new byte[0]);
        assertThat(stored.commands()).hasSize(2);
        assertThat(reads).hasValue(1);
    }

    @Test
    void aBatchThatCannotBeTakenApartIsRefusedWhenItComes() {
        byte[] payload = Operations.encode(new Operation.Batch(List.of(new byte[] {7, 8}, new byte[] {9}), List.of()));
        Operation.Batch batch = (Operation.Batch) new Entry(5, 2, Operations.BATCH, payload).getOperation();
        assertThat(batch.commands()).containsExactly(new byte[] {7, 8}, new byte[] {9});
        for (byte[] bad : List.of(
                Arrays.copyOf(payload, payload.length - 1), Arrays.copyOf(payload, payload.length + 1), new byte[3])) {
            assertThatThrownBy(() -> new Entry(5, 2, Operations.BATCH, bad)).isInstanceOf(WireException.class);
        }
    }

    @Test
    void onlyTheCommandsOfABatchAreForgotten() {
        Entry batch = new Entry(5, 2, new Operation.Batch(List.of(new byte[] {7}), List.of()));
        batch.dropPayload();
        assertThat(batch.holdsPayload()).isTrue();
        byte[] payload = batch.payload();
        batch.stored(SOMEWHERE, position -> payload);
        batch.dropPayload();
        assertThat(batch.holdsPayload()).isFalse();
        assertThat(batch.payload()).isEqualTo(payload);
        Entry term = new Entry(6, 2, new Operation.NewTerm());
        term.stored(SOMEWHERE, position -> {
            throw new IOException("gone");
        });
        term.dropPayload();
        term.dropOperation();
        assertThat(term.getOperation()).isInstanceOf(Operation.NewTerm.class);
        assertThat(term.payload()).isEmpty();
    }

    @Test
    void aChangeOfMembersIsReadAtOnce() {
        AtomicInteger reads = new AtomicInteger();
        Entry entry = new Entry(5, 2, Operations.MEMBERS, SOMEWHERE, 1, position -> {
            reads.incrementAndGet();
            throw new IOException("gone");
        });
        assertThatThrownBy(entry::getOperation).isInstanceOf(UncheckedIOException.class);
        assertThat(reads).hasValue(1);
    }
}
