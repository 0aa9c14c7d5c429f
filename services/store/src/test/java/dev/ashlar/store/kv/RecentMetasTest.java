package dev.ashlar.store.kv;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RecentMetasTest {
    private static final int KEYS = 48_000;

    private final RecentMetas recent = new RecentMetas();
    private final int state = recent.newState();

    @Test
    void whatIsKnownOfAKeyIsWhatWasLearnedLast() {
        // More keys than there are places, over two states, so that keys push each other out.
        int other = recent.newState();
        Map<String, ItemMeta> truth = new HashMap<>();
        Random random = new Random(7);
        int known = 0;
        for (int i = 1; i <= 400_000; i++) {
            int of = random.nextBoolean() ? state : other;
            String key = "key-" + random.nextInt(60_000);
            ItemMeta expected = truth.getOrDefault(of + key, ItemMeta.ABSENT);
            ItemMeta found = recent.get(of, key);
            if (found != null) {
                known++;
                assertThat(found).isEqualTo(expected);
            }
            ItemMeta next = random.nextInt(5) == 0 ? ItemMeta.ABSENT : new ItemMeta(i, 1 + i / 2, random.nextInt(3));
            recent.put(of, key, next);
            truth.put(of + key, next);
        }
        assertThat(known).isGreaterThan(100_000);
    }

    @Test
    void keysThatFillThreeQuartersOfItPushHardlyAnyOut() {
        for (int i = 0; i < KEYS; i++) {
            recent.put(state, key(i), new ItemMeta(i + 1, i + 1, 0));
        }
        int lost = 0;
        for (int i = 0; i < KEYS; i++) {
            lost += recent.get(state, key(i)) == null ? 1 : 0;
        }
        // One set of four places per key would lose about 4,800, and a write of one of them would read the database.
        assertThat(lost).isLessThan(KEYS / 200);
    }

    private static String key(int i) {
        return "orders/%017d".formatted(i);
    }

    @Test
    void aReplacedStateKnowsNothingOfTheOneBefore() {
        recent.put(state, "a", new ItemMeta(3, 2, 1));
        assertThat(recent.get(recent.newState(), "a")).isNull();
        assertThat(recent.get(state, "a")).isEqualTo(new ItemMeta(3, 2, 1));
    }

    @Test
    void keysWithOneHashAreTwoKeys() {
        recent.put(state, "Aa", new ItemMeta(1, 1, 0));
        assertThat("Aa".hashCode()).isEqualTo("BB".hashCode());
        assertThat(recent.get(state, "BB")).isNull();
        recent.put(state, "BB", ItemMeta.ABSENT);
        assertThat(recent.get(state, "Aa")).isEqualTo(new ItemMeta(1, 1, 0));
        assertThat(recent.get(state, "BB")).isEqualTo(ItemMeta.ABSENT);
    }

    @Test
    void aLongKeyIsNotKept() {
        recent.put(state, "k".repeat(128), new ItemMeta(2, 1, 0));
        assertThat(recent.get(state, "k".repeat(128))).isEqualTo(new ItemMeta(2, 1, 0));
        recent.put(state, "k".repeat(129), new ItemMeta(1, 1, 0));
        assertThat(recent.get(state, "k".repeat(129))).isNull();
    }
}
