package dev.ashlar.store.membership;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.vertx.core.Vertx;
import io.vertx.core.dns.DnsClient;
import io.vertx.core.dns.SrvRecord;

/**
 * Where the coordinators are: a fixed list, or the SRV records of their headless Service, asked again each time. Vert.x' DNS
 * client is used since it works in a native image; it knows no search domains, so those of {@code /etc/resolv.conf} are
 * tried here. Blocks; for the membership thread.
 */
final class CoordinatorAddresses {
    private static final long DNS_TIMEOUT_MS = 3_000;
    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");

    private final List<String> fixed;
    private final String srvName;
    private final DnsClient dns;

    CoordinatorAddresses(Vertx vertx, String setting) {
        boolean srv = setting.startsWith("srv:");
        this.srvName = srv ? setting.substring(4).strip() : "";
        this.dns = srv ? vertx.createDnsClient() : null;
        this.fixed = srv
                ? List.of()
                : Arrays.stream(setting.split(",", -1))
                        .map(url -> url.strip().replaceFirst("/$", ""))
                        .toList();
    }

    /** Base URLs, {@code http://host:port}. Empty with a DNS name that nobody answers for. */
    List<String> find() throws InterruptedException {
        if (dns == null) {
            return fixed;
        }
        for (String name : candidates()) {
            List<String> found = lookup(name);
            if (!found.isEmpty()) {
                return found;
            }
        }
        return List.of();
    }

    private List<String> lookup(String name) throws InterruptedException {
        try {
            List<SrvRecord> records = dns.resolveSRV(name)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(DNS_TIMEOUT_MS, TimeUnit.MILLISECONDS);
            return records.stream()
                    .map(srv -> "http://" + srv.target().replaceFirst("\\.$", "") + ":" + srv.port())
                    .sorted()
                    .toList();
        } catch (ExecutionException | TimeoutException noAnswer) {
            return List.of();
        }
    }

    private List<String> candidates() {
        List<String> names = new ArrayList<>();
        for (String domain : searchDomains()) {
            names.add(srvName + "." + domain);
        }
        names.add(srvName);
        return names;
    }

    private static List<String> searchDomains() {
        try {
            return Files.readAllLines(RESOLV_CONF).stream()
                    .filter(line -> line.startsWith("search "))
                    .flatMap(line -> Arrays.stream(line.substring(7).strip().split("\\s+")))
                    .toList();
        } catch (IOException none) {
            return List.of();
        }
    }
}
