package dev.ashlar.store.http;

import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;

import dev.ashlar.access.Access;
import dev.ashlar.access.tls.ApiProperties;
import dev.ashlar.access.tls.Certificates;

/**
 * Gives renewed certificates to the API. The framework could look for them by itself, but it then sets up TLS anew with each
 * look, changed or not, and drops the connections that come in that moment.
 */
@Singleton
public class ApiCertificates {
    private final Access access;
    private final TlsConfigurationRegistry registry;
    private final Event<CertificateUpdatedEvent> updated;

    @Inject
    ApiCertificates(Access access, TlsConfigurationRegistry registry, Event<CertificateUpdatedEvent> updated) {
        this.access = access;
        this.registry = registry;
        this.updated = updated;
    }

    void start(@Observes StartupEvent started) {
        access.certificates().ifPresent(this::watch);
    }

    private void watch(Certificates certificates) {
        certificates.onChange(() -> registry.get(ApiProperties.CONFIGURATION).ifPresent(this::reload));
    }

    private void reload(TlsConfiguration configuration) {
        if (configuration.reload()) {
            updated.fire(new CertificateUpdatedEvent(ApiProperties.CONFIGURATION, configuration));
        }
    }
}
