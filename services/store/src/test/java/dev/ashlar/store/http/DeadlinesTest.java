package dev.ashlar.store.http;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DeadlinesTest {
    private final List<String> expired = new ArrayList<>();
    private final Deadlines deadlines = new Deadlines(100);

    @Test
    void expiresInOrderWhatIsNotDone() {
        var first = add("first", 0);
        add("second", 10);
        add("third", 50);
        first.done();
        deadlines.look(115);
        assertThat(expired).containsExactly("second");
        deadlines.look(149);
        assertThat(expired).containsExactly("second");
        deadlines.look(150);
        assertThat(expired).containsExactly("second", "third");
        assertThat(deadlines.size()).isZero();
    }

    @Test
    void letsGoOfWhatIsDone() {
        for (int i = 0; i < 10_000; i++) {
            add("x", i).done();
        }
        assertThat(deadlines.size()).isLessThanOrEqualTo(1);
    }

    private Deadlines.Entry add(String name, long nowNanos) {
        Deadlines.Entry entry = new Deadlines.Entry() {
            @Override
            void expired() {
                expired.add(name);
            }
        };
        deadlines.add(entry, nowNanos);
        return entry;
    }
}
