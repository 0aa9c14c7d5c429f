package dev.ashlar.store.kv;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import dev.ashlar.raft.Command;

import static org.assertj.core.api.Assertions.assertThat;

/** Prints how fast a shard applies; asserts nothing about time, which belongs to the machine. */
class KvApplyRateTest {
    private static final int BATCH = 64;
    private static final int ROUNDS = 3;
    private static final int BATCHES_PER_ROUND = 500;

    private long told;

    @Test
    void putsOf256Bytes() throws IOException {
        KvCallback callback = new KvCallback() {
            @Override
            public void applied(KvResult result) {
                told++;
            }

            @Override
            public void failed(Command.Failure failure) {
                throw new AssertionError("failed: " + failure);
            }
        };
        try (KvFixture kv = new KvFixture()) {
            byte[] value = new byte[256];
            for (int round = 0; round < ROUNDS; round++) {
                List<List<KvSubmission>> batches = new ArrayList<>();
                for (int b = 0; b < BATCHES_PER_ROUND; b++) {
                    List<KvSubmission> batch = new ArrayList<>();
                    for (int i = 0; i < BATCH; i++) {
                        String key = "bench/key-" + (b * BATCH + i) * 7919L % 50_000;
                        KvCommand put = new KvCommand.Put(key, value, ContentTypes.DEFAULT, Precondition.NONE, 0);
                        batch.add(KvSubmission.of(put, kv.nowMs, Optional.empty(), callback));
                    }
                    batches.add(batch);
                }
                long startNs = System.nanoTime();
                for (List<KvSubmission> batch : batches) {
                    kv.run(batch);
                }
                double seconds = (System.nanoTime() - startNs) / 1e9;
                System.out.printf(
                        "apply of 256 B puts in batches of %d, round %d: %,.0f/s%n",
                        BATCH, round, BATCH * BATCHES_PER_ROUND / seconds);
            }
            assertThat(told).isEqualTo((long) ROUNDS * BATCHES_PER_ROUND * BATCH);
        }
    }
}
