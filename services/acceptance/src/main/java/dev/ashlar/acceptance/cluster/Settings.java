package dev.ashlar.acceptance.cluster;

import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** Changes the environment that a process of a cluster is started with. */
public interface Settings {
    /** Every process as it is planned. */
    Settings DEFAULT = (name, environment) -> {};

    /**
     * Called once for each process, before it starts for the first time.
     *
     * @param name such as {@code store-0}
     * @param environment what is planned; to be changed in place
     */
    void apply(String name, Map<String, String> environment);

    /** The token that questions to the processes show; empty for none. */
    default String token() {
        return "";
    }

    /** Whom questions to the API believe; empty when it speaks no TLS. */
    default Optional<SSLContext> trust() {
        return Optional.empty();
    }
}
