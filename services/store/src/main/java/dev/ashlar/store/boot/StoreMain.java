package dev.ashlar.store.boot;

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
import dev.ashlar.store.backup.RecoverCommand;

/**
 * The entry of the process. The API and the health checks answer from the start; {@link StoreNode} does the rest.
 *
 * <p>With the argument {@code recover} no store runs: {@link RecoverCommand}.
 *
 * <p>The drain runs before the framework shuts down, since the API must still answer while leaderships move away.
 */
@QuarkusMain
public class StoreMain implements QuarkusApplication {
    private static final Logger LOG = Logger.getLogger(StoreMain.class);

    /** Exit code of a process that could not start. */
    static final int EXIT_REFUSED = 2;

    @Inject
    StoreNode node;

    public static void main(String... args) {
        NameCache.shorten();
        if (SyncJob.isAsked(args)) {
            System.exit(SyncJob.run(args, System.getenv()));
        }
        if (RecoverCommand.isAsked(args)) {
            System.exit(RecoverCommand.run(args, System.err));
        }
        ConnectionGuard.install();
        ApiProperties.of(System.getenv()).forEach(System::setProperty);
        Quarkus.run(StoreMain.class, args);
    }

    @Override
    public int run(String... args) {
        try {
            node.start();
        } catch (StartRefusedException refused) {
            LOG.errorf("the store does not start: %s", refused.getMessage());
            return EXIT_REFUSED;
        }
        DrainBeforeShutdown.install(node::stop);
        Quarkus.waitForExit();
        node.stop();
        return node.exitCode();
    }
}
