package dev.ashlar.common.dns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Addresses of names, for threads that must not wait. The resolver of the operating system blocks its caller, for many seconds
 * when the name server is out of reach, and Vert.x calls it on the event loop: all connections of that loop stood still with it.
 *
 * <p>A name is looked up by threads of its own, once at a time, and remembered for {@link NameCache#FOUND_SECONDS}. Who asks again
 * later waits for a new look-up, but only until that has taken {@link #PATIENCE_MS}: then the last known address is taken, if it is
 * not older than {@link #KEPT_SECONDS}, and at once by everybody who asks while the name server is silent. A look-up that fails is
 * told to those who wait for it.
 *
 * <p>Any thread may ask. What is done with the answer runs on the caller's thread, on a look-up thread or on a timer's: hand it over.
 */
public final class Names {
    /** How long an answer is waited for while an older one is known, in milliseconds. */
    public static final int PATIENCE_MS = 300;

    /** For how long the address of a name is used when the name server does not answer, in seconds. */
    public static final int KEPT_SECONDS = 300;

    /** How long an answer is waited for at most, in milliseconds. */
    public static final int WAIT_MS_MAX = 5_000;

    /** Look-ups that wait for a name server at the same time. */
    private static final int LOOKUPS_MAX = 4;

    /** Names that are remembered; others are looked up each time. */
    private static final int NAMES_MAX = 1_000;

    private static final int IDLE_SECONDS = 30;

    private final Lookup lookup;
    private final Executor threads;
    private final LongSupplier nanos;
    private final Map<String, Found> known = new ConcurrentHashMap<>();
    private final Map<String, Running> running = new ConcurrentHashMap<>();

    /** Asks for the address of a name and blocks meanwhile. */
    @FunctionalInterface
    public interface Lookup {
        /** May block for as long as it likes. */
        InetAddress of(String name) throws UnknownHostException;
    }

    private record Found(InetAddress address, long atNanos) {}

    private record Running(CompletableFuture<InetAddress> answer, long sinceNanos) {}

    /** With the resolver of the operating system. */
    public Names() {
        this(InetAddress::getByName);
    }

    /** With another resolver. */
    public Names(Lookup lookup) {
        this(lookup, daemons(), System::nanoTime);
    }

    Names(Lookup lookup, Executor threads, LongSupplier nanos) {
        this.lookup = lookup;
        this.threads = threads;
        this.nanos = nanos;
    }

    /**
     * The address of a name, which it keeps as its host name. What is an address already is so at once.
     *
     * @return fails with an {@link UnknownHostException}
     */
    public CompletableFuture<InetAddress> address(String name) {
        if (isLiteral(name)) {
            return literal(name);
        }
        long now = nanos.getAsLong();
        Found last = known.get(name);
        long age = last == null ? Long.MAX_VALUE : now - last.atNanos();
        if (age < TimeUnit.SECONDS.toNanos(NameCache.FOUND_SECONDS)) {
            return CompletableFuture.completedFuture(last.address());
        }
        Running asked = look(name, now);
        if (age < TimeUnit.SECONDS.toNanos(KEPT_SECONDS)) {
            long patienceNanos = TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS) - (now - asked.sinceNanos());
            return patienceNanos <= 0
                    ? CompletableFuture.completedFuture(last.address())
                    : asked.answer().copy().completeOnTimeout(last.address(), patienceNanos, TimeUnit.NANOSECONDS);
        }
        return asked.answer()
                .copy()
                .orTimeout(WAIT_MS_MAX, TimeUnit.MILLISECONDS)
                .exceptionallyCompose(e -> CompletableFuture.failedFuture(
                        e instanceof TimeoutException
                                ? new UnknownHostException(name + ": the name server has not answered in time")
                                : e));
    }

    private Running look(String name, long now) {
        Running mine = new Running(new CompletableFuture<>(), now);
        Running other = running.putIfAbsent(name, mine);
        if (other != null) {
            return other;
        }
        threads.execute(() -> {
            try {
                InetAddress address = lookup.of(name);
                remember(name, address);
                running.remove(name);
                mine.answer().complete(address);
            } catch (UnknownHostException | RuntimeException e) {
                running.remove(name);
                mine.answer().completeExceptionally(e);
            }
        });
        return mine;
    }

    private void remember(String name, InetAddress address) {
        if (known.size() >= NAMES_MAX && !known.containsKey(name)) {
            long before = nanos.getAsLong() - TimeUnit.SECONDS.toNanos(KEPT_SECONDS);
            known.values().removeIf(found -> found.atNanos() - before < 0);
        }
        if (known.size() < NAMES_MAX || known.containsKey(name)) {
            known.put(name, new Found(address, nanos.getAsLong()));
        }
    }

    /** Digits and dots, or with a colon: never a name that a server is asked for. */
    private static boolean isLiteral(String name) {
        return name.indexOf(':') >= 0
                || (!name.isEmpty() && name.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9')));
    }

    private static CompletableFuture<InetAddress> literal(String name) {
        try {
            return CompletableFuture.completedFuture(InetAddress.ofLiteral(name));
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(new UnknownHostException(name + " is no address"));
        }
    }

    private static Executor daemons() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                LOOKUPS_MAX,
                LOOKUPS_MAX,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                // Bounded by the names of the cluster: each is looked up once at a time.
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("names-", 0).factory());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
