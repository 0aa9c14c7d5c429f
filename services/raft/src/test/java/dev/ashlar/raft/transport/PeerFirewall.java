package dev.ashlar.raft.transport;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * A {@link PeerProxy} between each ordered pair of processes: what {@code a} sends to {@code b} passes {@code link(a, b)},
 * since a process dials everybody that it sends to. Give {@link #addressesFor} to the options of each process.
 */
public final class PeerFirewall implements AutoCloseable {
    private final Map<String, Integer> ports = new ConcurrentHashMap<>();
    private volatile boolean bypassed;
    private final Map<String, PeerProxy> links = new ConcurrentHashMap<>();

    /** A process listens there now; the links to it are made anew. */
    public void register(String nodeId, int port) {
        ports.put(nodeId, port);
        links.entrySet().removeIf(link -> {
            boolean to = link.getKey().endsWith(">" + nodeId);
            if (to) {
                link.getValue().close();
            }
            return to;
        });
    }

    /** What one process takes for the addresses of the others. */
    public Function<String, String> addressesFor(String from) {
        return to -> {
            Integer port = ports.get(to);
            if (port == null) {
                return "";
            }
            return "127.0.0.1:" + (bypassed ? port : link(from, to).port());
        };
    }

    /** New connections go straight to the processes, for measurements. */
    public void bypass() {
        bypassed = true;
    }

    public PeerProxy link(String from, String to) {
        return links.computeIfAbsent(from + ">" + to, _ -> new PeerProxy(ports.get(to)));
    }

    /** Cuts a process off from all others, both ways. */
    public void isolate(String nodeId, PeerProxy.Fault fault) {
        for (String other : ports.keySet()) {
            if (!other.equals(nodeId)) {
                link(nodeId, other).set(fault);
                link(other, nodeId).set(fault);
            }
        }
    }

    public void heal() {
        links.values().forEach(link -> link.set(PeerProxy.Fault.NONE));
    }

    @Override
    public void close() {
        links.values().forEach(PeerProxy::close);
    }
}
