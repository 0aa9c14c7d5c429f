package dev.ashlar.bench.http;

import java.net.InetSocketAddress;
import java.util.List;

import dev.ashlar.bench.load.LoadSpec;
import dev.ashlar.bench.load.Loop;
import dev.ashlar.bench.load.Payload;
import dev.ashlar.bench.load.Target;
import dev.ashlar.bench.load.Workload;

/** etcd by its JSON gateway, members in turn. */
public final class EtcdJson implements Target {
    private final List<InetSocketAddress> members;
    private Requests requests;

    /** The client addresses of the members that shall be asked. */
    public EtcdJson(List<InetSocketAddress> members) {
        this.members = List.copyOf(members);
    }

    @Override
    public String name() {
        return "etcd-json";
    }

    @Override
    public void prepare(Payload payload, LoadSpec spec) {
        if (spec.workload() == Workload.TXN || spec.workload() == Workload.LOCK) {
            throw new IllegalArgumentException(
                    name() + " does not know the workload " + spec.workload().word());
        }
        requests = new EtcdJsonRequests(payload, members);
    }

    @Override
    public Lane lane(Loop loop) {
        return new HttpLane(loop, requests, new RoundRobin(members.size()), members);
    }
}
