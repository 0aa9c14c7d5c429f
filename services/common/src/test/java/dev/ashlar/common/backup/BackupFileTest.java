package dev.ashlar.common.backup;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

import dev.ashlar.common.Limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A backup is read as it was written, or refused. */
class BackupFileTest {
    private static final BackupHeader HEADER =
            new BackupHeader("11111111-2222-3333-4444-555555555555", 1_800_000_000_000L, "0.1.0", 3);

    @Test
    void whatWasWrittenIsRead() throws IOException {
        List<BackupItem> items = items(new Random(1), 500);
        List<BackupItem> read = new ArrayList<>();
        BackupReader reader = readAll(backup(items), read);
        assertThat(reader.header()).isEqualTo(HEADER);
        assertThat(reader.whole()).isTrue();
        assertThat(reader.shards()).extracting(ShardSummary::items).containsExactly(500L, 500L, 500L);
        assertThat(reader.shards()).extracting(ShardSummary::revision).containsExactly(100L, 101L, 102L);
        assertThat(read)
                .hasSize(1500)
                .usingRecursiveFieldByFieldElementComparator()
                .startsWith(items.getFirst());
        assertThat(read.get(700)).usingRecursiveComparison().isEqualTo(items.get(200));
    }

    @Test
    void emptyShardsAndTheLargestValueFit() throws IOException {
        assertThat(readAll(backup(List.of()), new ArrayList<>()).whole()).isTrue();
        BackupItem large = new BackupItem(
                "k".repeat(Limits.KEY_BYTES_MAX),
                new byte[Limits.VALUE_BYTES_MAX],
                "t".repeat(Limits.CONTENT_TYPE_BYTES_MAX),
                Long.MAX_VALUE,
                1,
                Limits.TTL_MS_MAX);
        List<BackupItem> read = new ArrayList<>();
        readAll(backup(List.of(large)), read);
        assertThat(read.getFirst()).usingRecursiveComparison().isEqualTo(large);
    }

    /** Wherever one bit differs, the whole is refused. */
    @RepeatedTest(200)
    void aTamperedByteIsRefused(RepetitionInfo repetition) throws IOException {
        Random random = new Random(repetition.getCurrentRepetition());
        byte[] backup = backup(items(random, 20));
        int at = random.nextInt(backup.length);
        backup[at] ^= (byte) (1 << random.nextInt(8));
        assertThatThrownBy(() -> readAll(backup, new ArrayList<>()))
                .as("byte %d of %d", at, backup.length)
                .isInstanceOf(BackupException.class);
    }

    @RepeatedTest(100)
    void anInterruptedStreamIsRefused(RepetitionInfo repetition) throws IOException {
        Random random = new Random(repetition.getCurrentRepetition());
        byte[] backup = backup(items(random, 20));
        byte[] cut = Arrays.copyOf(backup, random.nextInt(backup.length));
        assertThatThrownBy(() -> readAll(cut, new ArrayList<>())).isInstanceOf(BackupException.class);
    }

    /** Whole frames left out, doubled or swapped: each is valid by itself. */
    @Test
    void framesInAnotherOrderAreRefused() throws IOException {
        byte[] one = backup(items(new Random(1), 20));
        byte[] other = backup(items(new Random(2), 20));
        List<byte[]> frames = frames(one);
        for (int i = 0; i < frames.size(); i++) {
            List<byte[]> without = new ArrayList<>(frames);
            without.remove(i);
            List<byte[]> doubled = new ArrayList<>(frames);
            doubled.add(i, frames.get(i));
            assertRefused(without, "without frame " + i);
            assertRefused(doubled, "frame twice " + i);
            if (i >= 2 && i < frames.size() - 2) {
                List<byte[]> foreign = new ArrayList<>(frames);
                foreign.set(i, frames(other).get(i));
                if (!Arrays.equals(foreign.get(i), frames.get(i))) {
                    assertRefused(foreign, "foreign frame " + i);
                }
            }
        }
        List<byte[]> longer = new ArrayList<>(frames);
        longer.add(new byte[] {0});
        assertRefused(longer, "something behind the end");
    }

    @Test
    void aNewerFormatAndStrangersAreNamed() throws IOException {
        byte[] backup = backup(List.of());
        backup[9] = 2;
        assertThatThrownBy(() -> readAll(backup, new ArrayList<>())).hasMessageContaining("has format 2");
        assertThatThrownBy(() -> readAll("{}".getBytes(StandardCharsets.UTF_8), new ArrayList<>()))
                .hasMessage("this is not a backup");
    }

    @Test
    void aSectionOfAnotherProcessIsCheckedOnTheWay() throws IOException {
        ByteArrayOutputStream section = new ByteArrayOutputStream();
        ShardSummary written = section(section, 0, items(new Random(5), 30));
        BackupHeader single = new BackupHeader("c", 1, "v", 1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BackupWriter writer = new BackupWriter(out, single);
        assertThat(writer.shard(0, new ByteArrayInputStream(section.toByteArray())))
                .isEqualTo(written);
        writer.finish();
        assertThat(readAll(out.toByteArray(), new ArrayList<>()).shards()).containsExactly(written);

        byte[] cut = Arrays.copyOf(section.toByteArray(), section.size() - 10);
        assertThatThrownBy(() ->
                        new BackupWriter(new ByteArrayOutputStream(), single).shard(0, new ByteArrayInputStream(cut)))
                .isInstanceOf(BackupException.class);
        assertThatThrownBy(() -> new BackupWriter(new ByteArrayOutputStream(), single)
                        .shard(1, new ByteArrayInputStream(section.toByteArray())))
                .isInstanceOf(BackupException.class);
    }

    private static void assertRefused(List<byte[]> parts, String what) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        parts.forEach(joined::writeBytes);
        assertThatThrownBy(() -> readAll(joined.toByteArray(), new ArrayList<>()))
                .as(what)
                .isInstanceOf(BackupException.class);
    }

    /** The head of the file, then each frame. */
    private static List<byte[]> frames(byte[] backup) throws IOException {
        List<byte[]> parts = new ArrayList<>(List.of(Arrays.copyOf(backup, 10)));
        ByteArrayInputStream in = new ByteArrayInputStream(backup, 10, backup.length - 10);
        while (in.available() > 0) {
            ByteArrayOutputStream frame = new ByteArrayOutputStream();
            Frame.read(in).writeTo(frame);
            parts.add(frame.toByteArray());
        }
        return parts;
    }

    private static BackupReader readAll(byte[] backup, List<BackupItem> into) throws IOException {
        BackupReader reader = new BackupReader(new ByteArrayInputStream(backup));
        for (List<BackupItem> part = reader.next(); !part.isEmpty(); part = reader.next()) {
            into.addAll(part);
        }
        return reader;
    }

    private static byte[] backup(List<BackupItem> perShard) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BackupWriter writer = new BackupWriter(out, HEADER);
        for (int shard = 0; shard < HEADER.shards(); shard++) {
            int number = shard;
            writer.shard(to -> section(to, number, perShard));
        }
        writer.finish();
        return out.toByteArray();
    }

    private static ShardSummary section(java.io.OutputStream to, int shard, List<BackupItem> items) throws IOException {
        ShardSection section = ShardSection.begin(to, shard, 100 + shard);
        for (BackupItem item : items) {
            section.add(item);
        }
        return section.end();
    }

    private static List<BackupItem> items(Random random, int count) {
        List<BackupItem> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] value = new byte[random.nextInt(3_000)];
            random.nextBytes(value);
            items.add(new BackupItem(
                    String.format("key-%05d-ü", i), value, "text/plain", i + 1, 1, random.nextInt(2) * 60_000L));
        }
        return items;
    }
}
