package dev.ashlar.store.kv;

import java.io.IOException;
import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.ashlar.raft.Command;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * S3 between versions: stores of two versions run together for as long as an operator likes, and apply the same log. What an
 * entry does is therefore part of the data format, like the bytes of a row.
 *
 * <p>When this fails, what an entry does has changed, or {@link Samples} draws other commands. For the former a rewritten number
 * is right only before a version is given out: after that, the new rule has to wait for a format that the cluster is finalized
 * at, and be switched by a command of the log, so that every replica applies the same entries by the same rule.
 */
class PinnedApplyTest {
    private static final int ENTRIES = 300;

    private static final KvCallback NOBODY = new KvCallback() {
        @Override
        public void applied(KvResult result) {}

        @Override
        public void failed(Command.Failure failure) {
            throw new AssertionError("failed: " + failure);
        }
    };

    @ParameterizedTest
    @CsvSource({"1, 326, 2bf149fff16147c5", "2, 286, 85b0842ae5de580a", "3, 303, 13d60e363e09698c"})
    void theSameLogGivesTheBytesThatItAlwaysGave(long seed, long revision, String checksum) throws IOException {
        try (KvFixture kv = new KvFixture(6, 2000)) {
            for (List<KvSubmission> entry : new Samples(seed).entries(ENTRIES, NOBODY)) {
                kv.run(entry);
            }
            assertThat(kv.shard.revision() + " "
                            + Long.toHexString(kv.shard.checksum().checksum()))
                    .as("see the comment of this class before you write another number here")
                    .isEqualTo(revision + " " + checksum);
        }
    }
}
