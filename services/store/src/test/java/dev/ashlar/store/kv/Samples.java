package dev.ashlar.store.kv;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Seeded random commands on few keys, so that they meet. */
final class Samples {
    private static final String[] KEYS = {"a", "ab", "b/c", "é", "😀", "\uffee", "z", "0"};

    private final Random random;
    private long nowMs = KvFixture.START_MS;

    Samples(long seed) {
        random = new Random(seed);
    }

    String key() {
        return KEYS[random.nextInt(KEYS.length)] + (random.nextBoolean() ? "" : random.nextInt(4));
    }

    KvCommand command() {
        return switch (random.nextInt(12)) {
            case 8 -> new KvCommand.Txn(compares(), ops(), ops());
            case 9 ->
                random.nextInt(3) > 0
                        ? new KvCommand.DeleteRange(
                                random.nextBoolean() ? "a" : "b/", "", random.nextInt(2) * random.nextInt(90))
                        : new KvCommand.DeleteRange("", key(), 0);
            case 10 ->
                new KvCommand.Lock("l" + random.nextInt(2), "o" + random.nextInt(3), 1000 + random.nextInt(2000));
            case 11 ->
                random.nextBoolean()
                        ? new KvCommand.Unlock("l" + random.nextInt(2), "o" + random.nextInt(3))
                        : new KvCommand.ExpireLock("l" + random.nextInt(2), 1 + random.nextInt(90));
            case 0 -> new KvCommand.Delete(key(), precondition());
            case 1 -> new KvCommand.Expire(key(), 1 + random.nextInt(60));
            default -> {
                byte[] value = new byte[random.nextInt(4) == 0 ? random.nextInt(3000) : random.nextInt(40)];
                random.nextBytes(value);
                String type = random.nextBoolean() ? ContentTypes.DEFAULT : "x/" + random.nextInt(10);
                long ttlMs = random.nextInt(3) == 0 ? 1000 + random.nextInt(2000) : 0;
                yield new KvCommand.Put(key(), value, type, precondition(), ttlMs);
            }
        };
    }

    private List<TxnCompare> compares() {
        List<TxnCompare> compares = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            compares.add(
                    random.nextBoolean()
                            ? new TxnCompare.Revision(key(), precondition())
                            : new TxnCompare.Value(key(), new byte[random.nextInt(2)]));
        }
        return compares;
    }

    private List<TxnOp> ops() {
        List<TxnOp> ops = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            ops.add(
                    switch (random.nextInt(3)) {
                        case 0 -> new TxnOp.Get(key());
                        case 1 -> new TxnOp.Delete(key());
                        default ->
                            new TxnOp.Put(new KvCommand.Put(
                                    key(), new byte[random.nextInt(2)], ContentTypes.DEFAULT, Precondition.NONE, 0));
                    });
        }
        return ops;
    }

    /** The lock that a writer says it holds, now and then. */
    Optional<Fence> fence() {
        return random.nextInt(8) == 0
                ? Optional.of(new Fence("l" + random.nextInt(2), 1 + random.nextInt(90)))
                : Optional.empty();
    }

    private Precondition precondition() {
        return switch (random.nextInt(6)) {
            case 0 -> Precondition.ABSENT;
            case 1 -> Precondition.EXISTS;
            case 2 -> new Precondition.AtRevision(1 + random.nextInt(60));
            default -> Precondition.NONE;
        };
    }

    /** Entries of up to four commands, some with an idempotency key, on a clock that jumps both ways. */
    List<List<KvSubmission>> entries(int count, KvCallback callback) {
        List<List<KvSubmission>> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<KvSubmission> entry = new ArrayList<>();
            int commands = random.nextInt(5);
            for (int j = 0; j < commands; j++) {
                nowMs += random.nextInt(600) - 200;
                Optional<String> id =
                        random.nextInt(3) == 0 ? Optional.of("id" + random.nextInt(12)) : Optional.empty();
                entry.add(KvSubmission.of(command(), nowMs, id, fence(), callback));
            }
            entries.add(entry);
        }
        return entries;
    }
}
