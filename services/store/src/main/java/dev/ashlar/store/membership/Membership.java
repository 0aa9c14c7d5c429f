package dev.ashlar.store.membership;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Vertx;
import org.jboss.logging.Logger;

import dev.ashlar.access.Access;
import dev.ashlar.common.cluster.AdminAnswer;
import dev.ashlar.common.cluster.Notice;
import dev.ashlar.common.cluster.RegisterRequest;
import dev.ashlar.common.cluster.RegisterResponse;
import dev.ashlar.common.disk.DataDirectory;
import dev.ashlar.store.replica.Replicas;

/** Owns the agent of this process: starts it, stops it, and says where it stands. */
@Singleton
public class Membership {
    /** What is to happen once the store is registered. */
    public interface OnRegistered {
        void registered(RegisterResponse response) throws IOException;
    }

    private static final Logger LOG = Logger.getLogger(Membership.class);

    private final Vertx vertx;
    private final ObjectMapper json;
    private final ClusterMap map;
    private final Replicas replicas;
    private final Access access;
    private volatile MembershipAgent agent;
    private volatile RegisterRequest identity;
    private volatile String coordinators = "";

    @Inject
    Membership(Vertx vertx, ObjectMapper json, ClusterMap map, Replicas replicas, Access access) {
        this.vertx = vertx;
        this.json = json;
        this.map = map;
        this.replicas = replicas;
        this.access = access;
    }

    /**
     * Reads the last known map and starts the agent. The callbacks run on the agent's thread.
     *
     * @param aloneAfterMs how long it asks for a coordinator before it starts with what the disk knows; 0 for ever
     * @throws IOException when the map cannot be read
     */
    public void start(
            RegisterRequest as,
            DataDirectory disk,
            String whereCoordinatorsAre,
            long aloneAfterMs,
            OnRegistered onRegistered,
            Consumer<String> stop,
            Supplier<Vitals> vitals,
            IntConsumer format)
            throws IOException {
        map.load(new MapFile(disk.path(), json));
        LastStart lastStart = new LastStart(disk.path(), mark(disk));
        identity = as;
        coordinators = whereCoordinatorsAre;
        CoordinatorClient client = client();
        agent = new MembershipAgent(as, client, map, replicas, lastStart, aloneAfterMs, new MembershipAgent.Owner() {
            @Override
            public void registered(RegisterResponse response) throws IOException {
                onRegistered.registered(response);
            }

            @Override
            public void stop(String message) {
                stop.accept(message);
            }

            @Override
            public Vitals vitals() {
                return vitals.get();
            }

            @Override
            public void format(int finalized) {
                format.accept(finalized);
            }
        });
        agent.start();
    }

    private static String mark(DataDirectory disk) {
        try {
            return disk.mark();
        } catch (IOException untold) {
            LOG.infof("this store will not start without a coordinator: %s", untold.getMessage());
            return "";
        }
    }

    public void stop() {
        MembershipAgent running = agent;
        if (running != null) {
            running.close();
        }
    }

    /** Where this process stands with the coordinators. */
    public Registration registration() {
        MembershipAgent running = agent;
        return running == null ? Registration.NONE : running.registration();
    }

    /** What the last answered heartbeat brought; empty before the first. */
    public Optional<Advice> advice() {
        MembershipAgent running = agent;
        return running == null ? Optional.empty() : running.advice();
    }

    /** Has a notice told to the coordinators with the next heartbeats, until one is answered. */
    public void tell(Notice notice) {
        MembershipAgent running = agent;
        if (running != null) {
            running.tell(notice);
        }
    }

    /** What came of asking the coordinators to let this store leave. */
    public sealed interface Leave {
        /** Its replicas move to other stores. */
        record Granted() implements Leave {}

        /** They said no, and would again. */
        record Refused(String reason) implements Leave {}

        /** Nobody could answer; asking again may help. */
        record Unanswered(String reason) implements Leave {}
    }

    /** Asks the coordinators once to move every replica off this store. Blocks for some seconds at most. */
    public Leave decommission() throws InterruptedException {
        try {
            var unused = client().post("/internal/v1/stores/" + name() + "/decommission", Map.of(), AdminAnswer.class);
            return new Leave.Granted();
        } catch (CoordinatorClient.UnreachableException failed) {
            return failed.isRefused()
                    ? new Leave.Refused(failed.getMessage())
                    : new Leave.Unanswered(failed.getMessage());
        }
    }

    private CoordinatorClient client() {
        return new CoordinatorClient(vertx, new CoordinatorAddresses(vertx, coordinators), json, access);
    }

    /** The name of this process; empty before {@link #start}. */
    public String name() {
        RegisterRequest known = identity;
        return known == null ? "" : known.name();
    }
}
