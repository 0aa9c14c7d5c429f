package dev.ashlar.coordinator.boot;

import jakarta.inject.Inject;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import org.jboss.logging.Logger;

import dev.ashlar.access.load.ConnectionGuard;
import dev.ashlar.access.tls.ApiProperties;
import dev.ashlar.common.disk.StartRefusedException;
import dev.ashlar.common.dns.NameCache;
import dev.ashlar.rollout.SyncJob;

/** The entry of the process. The API and the health checks answer from the start; {@link CoordinatorNode} does the rest. */
@QuarkusMain
public class CoordinatorMain implements QuarkusApplication {
    private static final Logger LOG = Logger.getLogger(CoordinatorMain.class);

    /** Exit code of a process that could not start. */
    static final int EXIT_REFUSED = 2;

    @Inject
    CoordinatorNode node;

    public static void main(String... args) {
        NameCache.shorten();
        if (SyncJob.isAsked(args)) {
            System.exit(SyncJob.run(args, System.getenv()));
        }
        ConnectionGuard.install();
        ApiProperties.of(System.getenv()).forEach(System::setProperty);
        Quarkus.run(CoordinatorMain.class, args);
    }

    @Override
    public int run(String... args) {
        try {
            node.start();
        } catch (StartRefusedException refused) {
            LOG.errorf("the coordinator does not start: %s", refused.getMessage());
            return EXIT_REFUSED;
        }
        Quarkus.waitForExit();
        node.stop();
        return node.exitCode();
    }
}
