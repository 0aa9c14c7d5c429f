package dev.ashlar.common.dns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Look-ups run when the test says so, and time goes by when it says so. */
class NamesTest {
    private static final String NAME = "store-0.example";

    private final Queue<Runnable> lookups = new ArrayDeque<>();
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger asked = new AtomicInteger();
    private String answer = "10.0.0.1";
    private final Names names = new Names(
            name -> {
                asked.incrementAndGet();
                if (answer.isEmpty()) {
                    throw new UnknownHostException(name);
                }
                return InetAddress.getByAddress(
                        name, InetAddress.ofLiteral(answer).getAddress());
            },
            lookups::add,
            nanos::get);

    @Test
    void whoAsksDoesNotWaitAndManyAskOnce() {
        CompletableFuture<InetAddress> first = names.address(NAME);
        CompletableFuture<InetAddress> second = names.address(NAME);
        assertThat(first).isNotDone();
        assertThat(lookups).hasSize(1);
        lookups.remove().run();
        assertThat(first.join().getHostAddress()).isEqualTo("10.0.0.1");
        assertThat(first.join().getHostName()).isEqualTo(NAME);
        assertThat(second.join()).isEqualTo(first.join());
    }

    @Test
    void anAddressThatChangesIsSeenAfterASecond() {
        known();
        answer = "10.0.0.2";
        assertThat(names.address(NAME).join().getHostAddress()).isEqualTo("10.0.0.1");
        pass(NameCache.FOUND_SECONDS);
        CompletableFuture<InetAddress> later = names.address(NAME);
        lookups.remove().run();
        assertThat(later.join().getHostAddress()).isEqualTo("10.0.0.2");
        assertThat(asked).hasValue(2);
    }

    @Test
    void theLastKnownAddressIsTakenWhileTheNameServerIsSilent() {
        known();
        pass(NameCache.FOUND_SECONDS);
        // Nobody runs the look-up: who asks first waits for a while, nobody after that.
        CompletableFuture<InetAddress> first = names.address(NAME);
        assertThat(first).isNotDone();
        pass(1);
        assertThat(names.address(NAME))
                .isCompletedWithValueMatching(a -> a.getHostAddress().equals("10.0.0.1"));
        assertThat(first.join().getHostAddress()).isEqualTo("10.0.0.1");
        assertThat(lookups).hasSize(1);
        pass(Names.KEPT_SECONDS);
        assertThat(names.address(NAME)).as("too old").isNotDone();
    }

    @Test
    void whatTheNameServerDeniesIsToldAndAskedAgain() {
        known();
        pass(NameCache.FOUND_SECONDS);
        answer = "";
        CompletableFuture<InetAddress> gone = names.address(NAME);
        lookups.remove().run();
        assertThatThrownBy(gone::join).hasCauseInstanceOf(UnknownHostException.class);
        answer = "10.0.0.3";
        CompletableFuture<InetAddress> back = names.address(NAME);
        lookups.remove().run();
        assertThat(back.join().getHostAddress()).isEqualTo("10.0.0.3");
    }

    @Test
    void addressesAreNotLookedUp() {
        assertThat(names.address("127.0.0.1").join().isLoopbackAddress()).isTrue();
        assertThat(names.address("::1").join().isLoopbackAddress()).isTrue();
        assertThatThrownBy(names.address("999.0.0.1")::join).hasCauseInstanceOf(UnknownHostException.class);
        assertThat(lookups).isEmpty();
        assertThat(names.address("10.example")).isNotDone();
        assertThat(lookups).hasSize(1);
    }

    private void known() {
        CompletableFuture<InetAddress> first = names.address(NAME);
        lookups.remove().run();
        first.join();
    }

    private void pass(int seconds) {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }
}
