package dev.ashlar.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * Stock etcd members on loopback with fsync on and the flags of a fair run: {@code --log-level error}, a quota that is never
 * reached, a snapshot every 100,000 entries.
 */
public final class EtcdCluster implements Cluster {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private final Path dir;
    private final List<ServerProcess> processes = new ArrayList<>();
    private final List<InetSocketAddress> members;

    private EtcdCluster(Path dir, List<InetSocketAddress> members) {
        this.dir = dir;
        this.members = members;
    }

    /** Starts {@code size} members below {@code dir}, client ports from {@code basePort}, peer ports 100 above; returns when all are healthy. */
    public static EtcdCluster start(Path binary, Path dir, int size, int basePort) throws InterruptedException {
        EtcdCluster cluster = new EtcdCluster(
                dir,
                IntStream.range(0, size)
                        .mapToObj(i -> Loopback.port(basePort + i))
                        .toList());
        cluster.closeAtExit();
        String initial = IntStream.range(0, size)
                .mapToObj(i -> "etcd-" + i + "=http://127.0.0.1:" + (basePort + 100 + i))
                .collect(Collectors.joining(","));
        for (int i = 0; i < size; i++) {
            String client = "http://127.0.0.1:" + (basePort + i);
            String peer = "http://127.0.0.1:" + (basePort + 100 + i);
            List<String> command = List.of(
                    binary.toString(),
                    "--name=etcd-" + i,
                    "--data-dir=etcd-" + i,
                    "--listen-client-urls=" + client,
                    "--advertise-client-urls=" + client,
                    "--listen-peer-urls=" + peer,
                    "--initial-advertise-peer-urls=" + peer,
                    "--initial-cluster=" + initial,
                    "--initial-cluster-token=bench",
                    "--log-level=error",
                    "--quota-backend-bytes=8589934592",
                    "--snapshot-count=100000");
            cluster.processes.add(new ServerProcess("etcd-" + i, command, Map.of(), dir));
        }
        Waiting.until("etcd to be healthy", START_LIMIT, cluster::healthy);
        return cluster;
    }

    private boolean healthy() {
        requireAlive();
        return members.stream()
                .allMatch(m -> HttpProbe.get(uri(m) + "/health").body().contains("\"true\""));
    }

    private static String uri(InetSocketAddress member) {
        return "http://" + member.getHostString() + ":" + member.getPort();
    }

    /** Client addresses of all members. */
    public List<InetSocketAddress> members() {
        return members;
    }

    /** The client address of the member that leads now. */
    public InetSocketAddress leader() {
        for (InetSocketAddress member : members) {
            try {
                JsonNode status = new ObjectMapper()
                        .readTree(HttpProbe.post(uri(member) + "/v3/maintenance/status", "{}")
                                .body());
                String self = status.path("header").path("member_id").asText();
                if (!self.isEmpty() && self.equals(status.path("leader").asText())) {
                    return member;
                }
            } catch (IOException e) {
                throw new UncheckedIOException("etcd's status cannot be read", e);
            }
        }
        throw new IllegalStateException("no etcd member says that it leads");
    }

    @Override
    public List<ServerProcess> processes() {
        return processes;
    }

    @Override
    public Path dir() {
        return dir;
    }
}
