package dev.ashlar.store.boot;

import java.util.List;

import io.quarkus.runtime.RuntimeValue;
import io.quarkus.runtime.shutdown.ShutdownConfig;
import io.quarkus.runtime.shutdown.ShutdownListener;
import io.quarkus.runtime.shutdown.ShutdownRecorder;
import io.smallrye.config.SmallRyeConfig;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Puts the drain before the framework's own shutdown, which closes the API first thing. Its shutdown hook asks its listeners
 * and waits for them, but only extensions can name listeners; so this names one by the recorder they use. Without it the
 * API would be gone while leaderships still move, and requests that could be answered would fail (S6).
 */
final class DrainBeforeShutdown implements ShutdownListener {
    private final Runnable drain;

    private DrainBeforeShutdown(Runnable drain) {
        this.drain = drain;
    }

    /** Runs {@code drain} once a shutdown has begun, before anything is closed. */
    static void install(Runnable drain) {
        ShutdownConfig config =
                ConfigProvider.getConfig().unwrap(SmallRyeConfig.class).getConfigMapping(ShutdownConfig.class);
        new ShutdownRecorder(new RuntimeValue<>(config)).setListeners(List.of(new DrainBeforeShutdown(drain)), false);
    }

    @Override
    public void preShutdown(ShutdownNotification notification) {
        try {
            drain.run();
        } finally {
            notification.done();
        }
    }
}
