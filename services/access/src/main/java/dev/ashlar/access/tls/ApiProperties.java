package dev.ashlar.access.tls;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The settings by which the framework serves the API over TLS alone, made from {@code ASHLAR_TLS_DIR}: one setting of ours
 * instead of six of the framework. Pure.
 */
public final class ApiProperties {
    /** The name of the certificates in the registry of the framework. */
    public static final String CONFIGURATION = "api";

    private static final String NAME = "quarkus.tls." + CONFIGURATION + ".";

    private ApiProperties() {}

    /**
     * What is to be set before the framework starts; nothing without the directory.
     *
     * @param environment the variables of the process
     */
    public static Map<String, String> of(Map<String, String> environment) {
        Map<String, String> properties = new LinkedHashMap<>();
        String directory = environment.getOrDefault("ASHLAR_TLS_DIR", "").strip();
        if (!directory.isEmpty()) {
            Path files = Path.of(directory);
            properties.put(
                    NAME + "key-store.pem.0.cert",
                    files.resolve(Certificates.CERTIFICATE).toString());
            properties.put(
                    NAME + "key-store.pem.0.key",
                    files.resolve(Certificates.KEY).toString());
            properties.put(
                    NAME + "trust-store.pem.certs",
                    files.resolve(Certificates.AUTHORITY).toString());
            properties.put("quarkus.http.tls-configuration-name", CONFIGURATION);
            properties.put("quarkus.http.insecure-requests", "disabled");
            properties.put("quarkus.http.ssl-port", environment.getOrDefault("QUARKUS_HTTP_PORT", "8080"));
        }
        return properties;
    }
}
