package dev.ashlar.acceptance.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import dev.ashlar.client.AshlarClient;
import dev.ashlar.client.HeldLock;
import dev.ashlar.client.Scan;
import dev.ashlar.client.Txn;
import dev.ashlar.client.WriteOptions;
import dev.ashlar.client.Written;
import dev.ashlar.client.error.UnknownOutcomeException;

/** The example of docs/clients.md: what stands between the marks stands there, too. */
final class ClientExample {
    private ClientExample() {}

    static void run(String endpoints) {
        // example begins
        try (AshlarClient ashlar = AshlarClient.builder().endpoints(endpoints).build()) {
            Written queued = ashlar.put("{job-7}state", "queued");
            byte[] running = "running".getBytes(StandardCharsets.UTF_8);
            try (HeldLock lock = ashlar.lock("{job-7}lock", Duration.ofSeconds(30), Duration.ofSeconds(10))
                    .orElseThrow()) {
                ashlar.put(
                        "{job-7}state",
                        running,
                        WriteOptions.NONE.ifRevision(queued.revision()).holding(lock));
            }
            ashlar.txn(new Txn()
                    .ifValue("{job-7}state", running)
                    .put("{job-7}state", "done")
                    .put("{job-7}log", "ok"));
            ashlar.scan(Scan.prefix("{job-7}"))
                    .forEach(entry -> System.out.println(entry.key() + " = " + entry.text()));
        } catch (UnknownOutcomeException unknown) {
            // A write may have been applied: read the key, or repeat it under unknown.idempotencyKey().
            throw unknown;
        }
        // example ends
    }
}
