package dev.ashlar.raft.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
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
    void whatCannotBeTakenApartIsRefusedWhenItComes() {
        byte[] payload = Operations.encode(new Operation.Batch(List.of(new byte[] {7, 8}, new byte[] {9}), List.of()));
        Operation.Batch batch = (Operation.Batch)
                Entry.received(5, 2, Operations.BATCH, payload).getOperation();
        assertThat(batch.commands()).containsExactly(new byte[] {7, 8}, new byte[] {9});
        refused(Operations.BATCH, Arrays.copyOf(payload, payload.length - 1));
        refused(Operations.BATCH, Arrays.copyOf(payload, payload.length + 1));
        refused(Operations.BATCH, new byte[3]);
        for (int length : new int[] {-1, Integer.MIN_VALUE, payload.length, Integer.MAX_VALUE}) {
            refused(
                    Operations.BATCH,
                    ByteBuffer.wrap(payload.clone()).putInt(0, length).array());
            refused(
                    Operations.BATCH,
                    ByteBuffer.wrap(payload.clone())
                            .putInt(Integer.BYTES, length)
                            .array());
        }
        refused(Operations.MEMBERS, new byte[5]);
        refused(Operations.NEW_TERM, new byte[1]);
        refused((byte) 9, new byte[0]);
    }

    private static void refused(byte type, byte[] payload) {
        assertThatThrownBy(() -> Entry.received(5, 2, type, payload)).isInstanceOf(WireException.class);
    }

    @Test
    void aChangeOfMembersFromTheLogIsLoadedAndABatchIsNot() throws IOException {
        AtomicInteger reads = new AtomicInteger();
        for (byte type : new byte[] {Operations.BATCH, Operations.MEMBERS}) {
            Entry entry = new Entry(5, 2, type, SOMEWHERE, 1, position -> {
                reads.incrementAndGet();
                return new byte[1];
            });
            entry.loadUnlessBatch();
            entry.loadUnlessBatch();
            assertThat(entry.holdsPayload()).isEqualTo(type == Operations.MEMBERS);
        }
        assertThat(reads).hasValue(1);
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
