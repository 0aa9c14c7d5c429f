package dev.ashlar.access.gate;

import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import dev.ashlar.common.Limits;

/**
 * Slows down whoever tries tokens.
 *
 * <ol>
 *   <li>Each address may show so many tokens that are not valid at once, and one more each second.
 *   <li>Beyond that nothing it shows is accepted, valid or not, until a second has passed: the answer tells a guesser
 *       nothing.
 *   <li>A token that was accepted from the address before still is: one client with a wrong token behind a proxy must not
 *       shut out the others.
 * </ol>
 *
 * <p>Pure: time is an argument. Bounded in addresses; the one that was quiet longest goes first. Thread-safe.
 */
public final class Attempts {
    private static final long REFILL_NANOS = 1_000_000_000L;
    private static final int GOOD_PER_ADDRESS_MAX = 16;

    private static final class Address {
        /** By this time everything has been refilled. */
        private long fullAtNanos;

        private boolean failed;
        private final Set<String> good = new HashSet<>();
    }

    private final Map<String, Address> addresses = new LinkedHashMap<>(64, 0.75f, true);
    private final long burstNanos;
    private volatile long quietAfterNanos;
    private volatile boolean quiet = true;

    /** @param burst tokens that are not valid and may be shown at once */
    public Attempts(int burst) {
        this.burstNanos = burst * REFILL_NANOS;
    }

    /** Whether no address has shown a token that is not valid for a while: then nobody has to wait. */
    public boolean isQuiet() {
        return quiet;
    }

    /** Notes a token that is not valid. */
    public synchronized void failed(String address, long nowNanos) {
        Address seen = address(address);
        long from = seen.failed && seen.fullAtNanos - nowNanos > 0 ? seen.fullAtNanos : nowNanos;
        // Never more than one second beyond the burst: who goes on trying waits no longer than who tries once.
        seen.fullAtNanos = Math.min(from + REFILL_NANOS, nowNanos + burstNanos + REFILL_NANOS);
        seen.failed = true;
        if (quiet || seen.fullAtNanos - quietAfterNanos > 0) {
            quietAfterNanos = seen.fullAtNanos;
        }
        quiet = false;
    }

    /** Notes that a token was accepted; once per connection is enough. */
    public synchronized void accepted(String address, String token) {
        Set<String> good = address(address).good;
        if (good.size() < GOOD_PER_ADDRESS_MAX) {
            good.add(token);
        }
    }

    /**
     * Milliseconds until the address may show a token again, 0 for at once.
     *
     * @param acceptedToken name of the token that it shows, if that is valid; else empty
     */
    public long waitMs(String address, String acceptedToken, long nowNanos) {
        if (quiet) {
            return 0;
        }
        synchronized (this) {
            if (quietAfterNanos - nowNanos <= 0) {
                quiet = true;
                return 0;
            }
            Address seen = addresses.get(address);
            if (seen == null || !seen.failed || seen.good.contains(acceptedToken)) {
                return 0;
            }
            long over = seen.fullAtNanos - nowNanos - burstNanos;
            return over <= 0 ? 0 : over / 1_000_000 + 1;
        }
    }

    synchronized int size() {
        return addresses.size();
    }

    private Address address(String address) {
        Address seen = addresses.get(address);
        if (seen == null) {
            seen = new Address();
            addresses.put(address, seen);
            if (addresses.size() > Limits.ATTEMPT_ADDRESSES_MAX) {
                Iterator<String> oldest = addresses.keySet().iterator();
                oldest.next();
                oldest.remove();
            }
        }
        return seen;
    }
}
