package dev.ashlar.coordinator.bootstrap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.dns.DnsClient;
import io.vertx.core.dns.DnsClientOptions;
import io.vertx.core.dns.SrvRecord;

import dev.ashlar.common.Limits;

/**
 * Where the coordinators are: a fixed list, or the SRV records of their headless Service, asked again each time. Vert.x' DNS
 * client is used since it works in a native image; it knows no search domains, so those of {@code /etc/resolv.conf} are
 * tried here.
 */
public final class Discovery {
    private static final String SRV = "srv:";
    private static final long DNS_TIMEOUT_MS = 2_000;
    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");

    private final Vertx vertx;
    private final List<String> fixed;
    private final String srvName;
    private DnsClient dns;

    /**
     * Asks nobody yet.
     *
     * @param setting base URLs separated by commas, or {@code srv:} and a DNS name
     */
    public Discovery(Vertx vertx, String setting) {
        this.vertx = vertx;
        this.srvName = setting.startsWith(SRV) ? setting.substring(SRV.length()).strip() : "";
        this.fixed = srvName.isEmpty()
                ? Arrays.stream(setting.split(",", -1))
                        .map(url -> url.strip().replaceFirst("/$", ""))
                        .distinct()
                        .limit(Limits.COORDINATORS_MAX + 1L)
                        .toList()
                : List.of();
    }

    /** Base URLs, {@code http://host:port}, sorted; empty when the name is not known (yet). Never fails. */
    public Future<List<String>> find() {
        return srvName.isEmpty() ? Future.succeededFuture(fixed) : firstKnown(candidates(), 0);
    }

    private Future<List<String>> firstKnown(List<String> names, int at) {
        if (at >= names.size()) {
            return Future.succeededFuture(List.of());
        }
        return client().resolveSRV(names.get(at))
                .map(Discovery::urls)
                .otherwise(unknown -> List.of())
                .compose(found -> found.isEmpty() ? firstKnown(names, at + 1) : Future.succeededFuture(found));
    }

    private synchronized DnsClient client() {
        if (dns == null) {
            dns = vertx.createDnsClient(new DnsClientOptions().setQueryTimeout(DNS_TIMEOUT_MS));
        }
        return dns;
    }

    private static List<String> urls(List<SrvRecord> records) {
        return records.stream()
                .map(srv -> "http://" + srv.target().replaceFirst("\\.$", "") + ":" + srv.port())
                .distinct()
                .sorted()
                .limit(Limits.COORDINATORS_MAX + 1L)
                .toList();
    }

    private List<String> candidates() {
        List<String> names = new ArrayList<>();
        if (srvName.endsWith(".svc.cluster.local")) {
            names.add(srvName);
        }
        searchDomains().forEach(domain -> names.add(srvName + "." + domain));
        names.add(srvName);
        return names.stream().distinct().toList();
    }

    private static List<String> searchDomains() {
        try {
            return Files.readAllLines(RESOLV_CONF).stream()
                    .filter(line -> line.startsWith("search "))
                    .flatMap(line -> Arrays.stream(
                            line.substring("search ".length()).strip().split("\\s+")))
                    .toList();
        } catch (IOException none) {
            return List.of();
        }
    }
}
