package dev.ashlar.store.kv;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import dev.ashlar.common.Limits;
import dev.ashlar.common.error.ApiException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Scans of one shard, and of several merged, page by page, against a sorted map in memory. */
class KvScanTest {
    private static final String[] PARTS = {"a", "b", "é", "\uffee", "😀", "/", "\u0000", "~", "\u07ff"};

    @Property(tries = 40)
    void pagesOfSeveralShardsGiveEveryKeyOnceInOrder(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        NavigableMap<String, String> model = new TreeMap<>(Keys::compare);
        int shards = 1 + random.nextInt(3);
        try (KvFixture kv = new KvFixture()) {
            List<KvStateMachine> all = new ArrayList<>();
            for (int s = 0; s < shards; s++) {
                all.add(kv.open("shard" + s));
            }
            for (int i = 0; i < 60; i++) {
                String key = text(random, 1 + random.nextInt(4));
                model.put(key, "v" + i);
                KvStateMachine shard = all.get(Math.floorMod(key.hashCode(), shards));
                KvCommand put = KvFixture.put(key, "v" + i, Precondition.NONE, random.nextInt(2) * 1000L);
                shard.apply(KvFixture.entry(
                        shard.appliedIndex() + 1, List.of(kv.submission(put, Optional.empty(), new ArrayList<>()))));
                shard.endOfTurn();
            }
            for (int i = 0; i < 12; i++) {
                ScanRequest request = request(random);
                List<Item> items = readAll(all, request);
                assertThat(items.stream().map(Item::key))
                        .as(request.toString())
                        .containsExactlyElementsOf(expected(model, request));
                for (Item item : items) {
                    String value = new String(item.value(), StandardCharsets.UTF_8);
                    assertThat(value).isEqualTo(request.keysOnly() ? "" : model.get(item.key()));
                }
            }
            for (KvStateMachine shard : all) {
                shard.close();
            }
        }
    }

    private static List<Item> readAll(List<KvStateMachine> shards, ScanRequest first) throws IOException {
        List<Item> items = new ArrayList<>();
        ScanRequest request = first;
        while (true) {
            List<ScanPage> pages = new ArrayList<>();
            for (KvStateMachine shard : shards) {
                pages.add(shard.scan(request));
            }
            ScanMerge.Merged merged = ScanMerge.merge(request, pages);
            assertThat(merged.items()).hasSizeLessThanOrEqualTo(request.limit());
            items.addAll(merged.items());
            if (merged.cursor().isEmpty()) {
                return items;
            }
            request = request.after(
                    ScanCursor.decode(merged.cursor().get(), request.reverse()).afterKey());
        }
    }

    private static List<String> expected(NavigableMap<String, String> model, ScanRequest request) {
        List<String> keys = new ArrayList<>(model.keySet().stream()
                .filter(key -> key.startsWith(request.prefix()))
                .filter(key -> request.from().isEmpty() || Keys.compare(key, request.from()) >= 0)
                .filter(key -> request.to().isEmpty() || Keys.compare(key, request.to()) < 0)
                .toList());
        return request.reverse() ? keys.reversed() : keys;
    }

    private static ScanRequest request(Random random) {
        return new ScanRequest(
                random.nextBoolean() ? "" : text(random, 1),
                random.nextBoolean() ? "" : text(random, 1 + random.nextInt(2)),
                random.nextBoolean() ? "" : text(random, 1 + random.nextInt(2)),
                1 + random.nextInt(20),
                random.nextBoolean(),
                random.nextBoolean(),
                Optional.empty());
    }

    private static String text(Random random, int parts) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < parts; i++) {
            text.append(PARTS[random.nextInt(PARTS.length)]);
        }
        return text.toString();
    }

    @Property(tries = 500)
    void keysAreOrderedAsTheirUtf8(@ForAll long seed) {
        Random random = new Random(seed);
        String a = text(random, 1 + random.nextInt(3));
        String b = text(random, 1 + random.nextInt(3));
        int bytes = Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
        assertThat(Integer.signum(Keys.compare(a, b))).isEqualTo(Integer.signum(bytes));
    }

    @Example
    void aPageEndsBeforeItsBytesAreTooMany() throws IOException {
        try (KvFixture kv = new KvFixture()) {
            byte[] large = new byte[Limits.VALUE_BYTES_MAX];
            for (int i = 0; i < 6; i++) {
                kv.one(new KvCommand.Put("k" + i, large, "a/b", Precondition.NONE, 0));
            }
            ScanRequest all = new ScanRequest("", "", "", 100, false, false, Optional.empty());
            ScanPage page = kv.shard.scan(all);
            assertThat(page.items()).hasSize(3);
            assertThat(page.more()).isTrue();
            ScanRequest keys = new ScanRequest("", "", "", 100, true, true, Optional.empty());
            assertThat(kv.shard.scan(keys).items()).hasSize(6);
            assertThat(kv.shard.scan(keys).more()).isFalse();
            assertThat(readAll(List.of(kv.shard), all)).hasSize(6);
        }
    }

    @Example
    void anExactlyFullPageThatIsTheLastHasNoCursor() throws IOException {
        try (KvFixture kv = new KvFixture()) {
            kv.apply(KvFixture.put("a", ""), KvFixture.put("b", ""));
            ScanRequest request = new ScanRequest("", "", "", 2, false, false, Optional.empty());
            assertThat(ScanMerge.merge(request, List.of(kv.shard.scan(request))).cursor())
                    .isEmpty();
        }
    }

    @Property(tries = 1000)
    void aCursorThatWasNotGivenOutIsRefused(@ForAll String text, @ForAll boolean reverse) {
        try {
            ScanCursor cursor = ScanCursor.decode(text, reverse);
            assertThat(cursor.reverse()).isEqualTo(reverse);
        } catch (ApiException refused) {
            assertThat(refused.code().status()).isEqualTo(400);
        }
    }

    @Example
    void cursorsKeepTheKeyAndTheDirection() {
        String longest = "😀".repeat(Limits.KEY_BYTES_MAX / 4);
        for (String key : List.of("a", longest, "\u0000")) {
            String text = new ScanCursor(key, true).encode();
            assertThat(ScanCursor.decode(text, true).afterKey()).isEqualTo(key);
            assertThatThrownBy(() -> ScanCursor.decode(text, false)).isInstanceOf(ApiException.class);
        }
        for (String bad : List.of("", "AQ", "AQA", "%%%", "A".repeat(5000), "AgBh", "AQJh", "AQD_")) {
            assertThatThrownBy(() -> ScanCursor.decode(bad, false)).as(bad).isInstanceOf(ApiException.class);
        }
    }
}
