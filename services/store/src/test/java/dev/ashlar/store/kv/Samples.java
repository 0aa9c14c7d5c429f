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
        return switch (random.nextInt(8)) {
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
                entry.add(KvSubmission.of(command(), nowMs, id, callback));
            }
            entries.add(entry);
        }
        return entries;
    }
}
