package dev.ashlar.raft.transport;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Lets one log line a minute through for each key, and forgets the oldest keys. Thread-safe. */
final class LogLimiter {
    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Map<String, Long> last;

    LogLimiter(int keysMax) {
        this.last = new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
                return size() > keysMax;
            }
        };
    }

    synchronized boolean allows(String key, long nowNanos) {
        Long before = last.get(key);
        if (before != null && nowNanos - before < MINUTE_NANOS) {
            return false;
        }
        last.remove(key);
        last.put(key, nowNanos);
        return true;
    }
}
