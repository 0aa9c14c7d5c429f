package dev.ashlar.client.route;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.ashlar.client.http.Answer;
import dev.ashlar.client.http.Connection;
import dev.ashlar.client.http.Route;
import dev.ashlar.common.key.ShardHash;

/**
 * Routes each key to the leader of its shard.
 *
 * <ol>
 *   <li>A thread of its own fetches the map: at the first call, after a sign that it is wrong, and every 30 s. Never twice
 *       within a second. Calls never wait for it: without a map they go to the given endpoints, which forward.
 *   <li>It asks each leader itself once before calls go there. An address that a client outside of the cluster's network cannot reach
 *       costs no call anything; it is tried again after 1 s, 2 s, 4 s, and so on up to every 30 s.
 *   <li>Signs that the map is wrong: another store served than the one asked; no connection, a broken one or no answer in
 *       time (then the address is not asked before it has answered the thread again); {@code no_leader} and
 *       {@code draining}.
 *   <li>The given endpoints follow the leader in each round, beginning with the one that answered last.
 * </ol>
 *
 * <p>Threads may share it.
 */
public final class Leaders implements AutoCloseable {
    private static final long EVERY_MS = 30_000;
    private static final long EVERY_MS_MIN = 1_000;
    private static final long AGAIN_MS_MIN = 1_000;
    private static final long AGAIN_MS_MAX = 30_000;

    private final Connection connection;
    private final HttpClient http;
    private final Semaphore wanted = new Semaphore(0);
    private final AtomicInteger first = new AtomicInteger();
    private final Map<URI, Address> addresses = new ConcurrentHashMap<>();
    private volatile Known known = new Known(LeaderMap.NONE, List.of());
    private volatile boolean closed;
    private Thread thread;

    /** The map, with the base URL of each store. */
    private record Known(LeaderMap map, List<URI> urls) {}

    /** What is known of an address: it answers, or it failed so many times in a row and may be tried again then. */
    private record Address(boolean answers, int failures, long againNanos) {
        static final Address ANSWERS = new Address(true, 0, 0);

        Address failed() {
            long againMs = Math.min(AGAIN_MS_MAX, AGAIN_MS_MIN << Math.min(failures, 10));
            return new Address(false, failures + 1, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(againMs));
        }

        boolean due() {
            return !answers && System.nanoTime() - againNanos >= 0;
        }
    }

    public Leaders(Connection connection) {
        this.connection = connection;
        this.http = connection.newHttp();
    }

    /** The way of one call for a key. */
    public Route to(String key) {
        begin();
        Known now = known;
        int shards = now.map.leaderOfShard().size();
        int leader = shards == 0 ? -1 : now.map.leaderOf(ShardHash.shardOf(key, shards));
        if (leader < 0 || !answers(now.urls.get(leader))) {
            return new Way(Optional.empty(), "");
        }
        return new Way(Optional.of(now.urls.get(leader)), now.map.names().get(leader));
    }

    /** The way of a call that no single shard answers. */
    public Route anywhere() {
        return new Way(Optional.empty(), "");
    }

    private boolean answers(URI url) {
        Address address = addresses.get(url);
        return address != null && address.answers;
    }

    private final class Way implements Route {
        private final Optional<URI> leader;
        private final String name;
        private boolean leaderFailed;

        Way(Optional<URI> leader, String name) {
            this.leader = leader;
            this.name = name;
        }

        @Override
        public List<URI> round() {
            List<URI> endpoints = connection.endpoints();
            List<URI> round = new ArrayList<>(endpoints.size() + 1);
            leader.filter(url -> !leaderFailed).ifPresent(round::add);
            int start = first.get();
            for (int i = 0; i < endpoints.size(); i++) {
                URI next = endpoints.get((start + i) % endpoints.size());
                if (!round.contains(next)) {
                    round.add(next);
                }
            }
            // A leader that failed may be among the endpoints: it stays there, last.
            return round;
        }

        @Override
        public void failed(URI endpoint) {
            addresses.computeIfPresent(endpoint, (url, address) -> address.answers ? address.failed() : address);
            leaderFailed |= leader.filter(endpoint::equals).isPresent();
            List<URI> endpoints = connection.endpoints();
            int index = endpoints.indexOf(endpoint);
            if (index >= 0) {
                first.compareAndSet(index, (index + 1) % endpoints.size());
            }
            wanted.release();
        }

        @Override
        public void answered(URI endpoint, Answer answer) {
            boolean asked = leader.filter(endpoint::equals).isPresent();
            String by = answer.header("Ashlar-Served-By");
            if (answer.status() == 503 || (asked && !by.isEmpty() && !by.equals(name))) {
                leaderFailed |= asked;
                wanted.release();
            }
        }
    }

    private synchronized void begin() {
        if (thread == null && !closed) {
            wanted.release();
            thread = Thread.ofVirtual().name("ashlar-leaders").start(this::run);
        }
    }

    private void run() {
        try {
            while (!closed) {
                var unused = wanted.tryAcquire(waitMs(), TimeUnit.MILLISECONDS);
                wanted.drainPermits();
                refresh();
                TimeUnit.MILLISECONDS.sleep(EVERY_MS_MIN);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private long waitMs() {
        long now = System.nanoTime();
        return addresses.values().stream()
                .filter(address -> !address.answers)
                .mapToLong(address -> Math.max(1, TimeUnit.NANOSECONDS.toMillis(address.againNanos - now)))
                .reduce(EVERY_MS, Math::min);
    }

    private void refresh() throws InterruptedException {
        List<URI> servers =
                new ArrayList<>(known.urls.stream().filter(this::answers).toList());
        connection.endpoints().stream().filter(url -> !servers.contains(url)).forEach(servers::add);
        Optional<LeaderMap> fetched = LeaderMap.fetch(http, connection, servers);
        if (fetched.isPresent()) {
            String scheme = connection.endpoints().getFirst().getScheme();
            List<URI> urls = fetched.get().stores().stream()
                    .map(store -> url(scheme, store))
                    .toList();
            known = new Known(fetched.get(), urls);
            addresses.keySet().retainAll(urls);
        }
        Set<URI> asked = new HashSet<>(addresses.keySet());
        known.map.leaderOfShard().stream()
                .filter(leader -> leader >= 0)
                .map(known.urls::get)
                .forEach(asked::add);
        for (URI url : asked) {
            look(url);
        }
    }

    private void look(URI url) throws InterruptedException {
        Address before = addresses.getOrDefault(url, new Address(false, 0, System.nanoTime()));
        if (before.due()) {
            addresses.put(url, reaches(url) ? Address.ANSWERS : before.failed());
        }
    }

    private boolean reaches(URI url) throws InterruptedException {
        try {
            return http.send(
                                    connection
                                            .request(url, LeaderMap.PATH)
                                            .timeout(LeaderMap.TIMEOUT)
                                            .build(),
                                    BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException not) {
            return false;
        }
    }

    private static URI url(String scheme, InetSocketAddress store) {
        return URI.create(scheme + "://" + store.getHostString() + ":" + store.getPort());
    }

    /** Ends its thread. */
    @Override
    public void close() {
        closed = true;
        synchronized (this) {
            if (thread != null) {
                thread.interrupt();
            }
        }
        http.shutdownNow();
    }
}
