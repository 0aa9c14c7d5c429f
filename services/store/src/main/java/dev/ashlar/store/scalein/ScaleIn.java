package dev.ashlar.store.scalein;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Vertx;
import org.jboss.logging.Logger;

import dev.ashlar.store.membership.Membership;
import dev.ashlar.store.replica.Replicas;

/**
 * Leaves for good when the StatefulSet has become too small for this pod's ordinal.
 *
 * <ol>
 *   <li>Ask the API server how many replicas are wanted. Outside Kubernetes, for an ordinal below that number, when none at all
 *       is wanted (the whole cluster stops and comes back), and when nobody tells: this is an ordinary stop.
 *   <li>Have the coordinators decommission this store; ask again while nobody answers, for they may be electing a leader.
 *       They refuse when too few others would be left: an ordinary stop, too.
 *   <li>Wait until nothing is held here any more, or the time is over. It goes on serving meanwhile: every change of members
 *       needs it.
 * </ol>
 */
@Singleton
public class ScaleIn {
    private static final Logger LOG = Logger.getLogger(ScaleIn.class);
    private static final Path ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");
    private static final Pattern POD = Pattern.compile("(.+)-(\\d{1,4})");
    private static final long LOOK_MS = 200;
    private static final long ASK_AGAIN_MS = 500;

    private final OwnStatefulSet set;
    private final Membership membership;
    private final Replicas replicas;

    @Inject
    ScaleIn(Vertx vertx, ObjectMapper json, Membership membership, Replicas replicas) {
        this.set = new OwnStatefulSet(vertx, json, System.getenv(), ACCOUNT);
        this.membership = membership;
        this.replicas = replicas;
    }

    /** Blocks until nothing is held here, at most {@code timeoutMs}; returns at once when this is an ordinary stop. */
    public void run(String pod, long timeoutMs) {
        try {
            if (!isUnwanted(pod)) {
                return;
            }
            long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
            String refused = ask(membership::decommission, () -> {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(ASK_AGAIN_MS));
                return System.nanoTime() - endNanos < 0;
            });
            if (!refused.isEmpty()) {
                LOG.warnf("%s is not wanted any more, but its replicas stay here: %s", pod, refused);
                return;
            }
            LOG.infof("%s is not wanted any more: its replicas move to other stores", pod);
            untilEmpty(endNanos, timeoutMs);
        } catch (IOException notTold) {
            LOG.warnf("whether %s is still wanted is not known, so it is: %s", pod, notTold.getMessage());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /** A question to the coordinators. */
    interface Question {
        Membership.Leave ask() throws InterruptedException;
    }

    /**
     * Asks until there is an answer.
     *
     * @param again waits a moment and says whether there is time to ask once more
     * @return why the store does not leave, empty when it does
     */
    static String ask(Question coordinators, BooleanSupplier again) throws InterruptedException {
        while (true) {
            switch (coordinators.ask()) {
                case Membership.Leave.Granted() -> {
                    return "";
                }
                case Membership.Leave.Refused(String reason) -> {
                    return reason;
                }
                case Membership.Leave.Unanswered(String reason) -> {
                    if (!again.getAsBoolean()) {
                        return reason;
                    }
                }
            }
        }
    }

    private boolean isUnwanted(String pod) throws IOException, InterruptedException {
        Matcher name = POD.matcher(pod);
        if (!name.matches()) {
            return false;
        }
        Optional<Integer> wanted = set.replicas(name.group(1));
        return wanted.filter(count -> isForGood(Integer.parseInt(name.group(2)), count))
                .isPresent();
    }

    /** Pure: whether a pod with this ordinal is not to come back when so many are wanted. */
    static boolean isForGood(int ordinal, int wanted) {
        return wanted > 0 && ordinal >= wanted;
    }

    private void untilEmpty(long endNanos, long timeoutMs) {
        while (!replicas.all().isEmpty() && replicas.fault().isEmpty()) {
            if (System.nanoTime() - endNanos >= 0) {
                LOG.warnf(
                        "%d replicas are still here after %d ms; the coordinators go on without this store",
                        replicas.all().size(), timeoutMs);
                return;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MS));
        }
        LOG.info("nothing is held here any more");
    }
}
