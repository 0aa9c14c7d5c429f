package dev.ashlar.store.kv;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

import dev.ashlar.common.Limits;
import dev.ashlar.common.error.ErrorCode;

/**
 * Remembers the answers to requests that carry an idempotency key, so that a retry applies once and gets the first answer
 * again (S4).
 *
 * <ol>
 *   <li>An answer counts for {@code windowMs} of the shard's time. The same key with another request within it is
 *       refused; after it the key is new again.
 *   <li>Answers have numbered places in the order they were given, a large one more than one: the first stands for it, the
 *       others are empty. There are {@code answersMax} places: a new answer pushes the oldest out, and every command removes a
 *       few whose time has run out. So bytes are bounded too, what is kept depends on the log alone, and is the same on every
 *       replica (S3).
 *   <li>A key that was used again after its window has an older place in the order too: removing that place leaves the
 *       newer answer alone, since the answer names its number.
 * </ol>
 *
 * <p>Engine thread only.
 */
final class IdempotencyWindow {
    /** Rows as the engine thread sees them, with what this turn has done to them. */
    interface Table {
        Optional<byte[]> read(byte[] key) throws IOException;

        void put(byte[] key, byte[] value);

        void delete(byte[] key);
    }

    private static final int PRUNED_PER_COMMAND_MAX = 4;
    private static final long UNKNOWN = -1;

    private record Answer(long number, long atMs, long requestHash, KvResult result) {}

    private final Table table;
    private final long answersMax;
    private final long windowMs;
    /** When the oldest answer was given: spares a read per command. Follows from the rows, so it may be forgotten. */
    private long oldestAtMs = UNKNOWN;

    IdempotencyWindow(Table table, long answersMax, long windowMs) {
        this.table = table;
        this.answersMax = answersMax;
        this.windowMs = windowMs;
    }

    /** The rows were replaced. */
    void reset() {
        oldestAtMs = UNKNOWN;
    }

    /** Forgets a few answers whose time has run out. */
    void prune(ShardCounters counters) throws IOException {
        for (int i = 0; i < PRUNED_PER_COMMAND_MAX && counters.firstAnswer < counters.nextAnswer; i++) {
            if (oldestAtMs == UNKNOWN) {
                oldestAtMs = order(counters.firstAnswer).varint();
            }
            if (oldestAtMs + windowMs > counters.timeMs) {
                return;
            }
            forgetOldest(counters);
        }
    }

    /** The first answer to this request, a refusal when the key was used for another one, or nothing. */
    Optional<KvResult> recall(KvEnvelope envelope, long timeMs) throws IOException {
        Optional<Answer> answer = answer(Rows.key(Rows.ANSWER, envelope.idempotencyKey()));
        if (answer.isEmpty() || answer.get().atMs() + windowMs <= timeMs) {
            return Optional.empty();
        }
        return Optional.of(
                answer.get().requestHash() == envelope.requestHash()
                        ? answer.get().result()
                        : new KvResult.Rejected(
                                ErrorCode.INVALID_ARGUMENT,
                                "this Idempotency-Key was used for another request before"));
    }

    /**
     * Whether an answer is to be remembered. Not one that says to try again, so that the retry is done; and not one to a
     * request that can change nothing whichever branch it takes, which may as well be done twice. What found another branch
     * or a refusal is remembered: a late copy of the request must not do what the first answer said was not done.
     */
    static boolean keeps(KvCommand command, KvResult result) {
        boolean tryAgain =
                result instanceof KvResult.Rejected rejected && rejected.code() == ErrorCode.TOO_MANY_REQUESTS;
        boolean harmless = command instanceof KvCommand.Txn txn && txn.readsOnly();
        return !tryAgain && !harmless;
    }

    /** Remembers an answer. */
    void remember(KvEnvelope envelope, KvResult result, ShardCounters counters) throws IOException {
        long number = counters.nextAnswer;
        ByteWriter answer = new ByteWriter(48);
        answer.varint(number);
        answer.varint(counters.timeMs);
        answer.fixed64(envelope.requestHash());
        KvResultCodec.write(answer, result);
        byte[] row = answer.toBytes();
        long places = Math.min(1 + row.length / Limits.IDEMPOTENCY_PLACE_BYTES, answersMax);
        while (number + places - counters.firstAnswer > answersMax) {
            forgetOldest(counters);
        }
        table.put(Rows.key(Rows.ANSWER, envelope.idempotencyKey()), row);
        table.put(Rows.answerOrder(number), order(counters.timeMs, envelope.idempotencyKey()));
        for (long empty = number + 1; empty < number + places; empty++) {
            table.put(Rows.answerOrder(empty), order(counters.timeMs, ""));
        }
        counters.nextAnswer += places;
    }

    private static byte[] order(long atMs, String idempotencyKey) {
        ByteWriter order = new ByteWriter(48);
        order.varint(atMs);
        order.block(idempotencyKey.getBytes(StandardCharsets.UTF_8));
        return order.toBytes();
    }

    private void forgetOldest(ShardCounters counters) throws IOException {
        long number = counters.firstAnswer++;
        ByteReader order = order(number);
        order.varint();
        String idempotencyKey = order.textOrEmpty(Integer.MAX_VALUE);
        if (!idempotencyKey.isEmpty()) {
            byte[] key = Rows.key(Rows.ANSWER, idempotencyKey);
            Optional<Answer> answer = answer(key);
            if (answer.isPresent() && answer.get().number() == number) {
                table.delete(key);
            }
        }
        table.delete(Rows.answerOrder(number));
        oldestAtMs = UNKNOWN;
    }

    private ByteReader order(long number) throws IOException {
        byte[] row = table.read(Rows.answerOrder(number))
                .orElseThrow(() -> new IOException("answer " + number + " is missing in its order"));
        return new ByteReader(row, 0, row.length);
    }

    private Optional<Answer> answer(byte[] key) throws IOException {
        Optional<byte[]> row = table.read(key);
        if (row.isEmpty()) {
            return Optional.empty();
        }
        ByteReader in = new ByteReader(row.get(), 0, row.get().length);
        long number = in.varint();
        long atMs = in.varint();
        long hash = in.fixed64();
        KvResult result = KvResultCodec.read(in)
                .orElseThrow(() -> new IOException("a remembered answer is not what this version wrote"));
        return Optional.of(new Answer(number, atMs, hash, result));
    }
}
