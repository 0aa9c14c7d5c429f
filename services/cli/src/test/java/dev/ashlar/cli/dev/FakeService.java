package dev.ashlar.cli.dev;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

import com.sun.net.httpserver.HttpServer;

/** A process that keeps the process contract: it reads the environment, is healthy, and shows one shard with a leader. */
final class FakeService {
    private FakeService() {}

    public static void main(String[] args) throws Exception {
        System.out.println("starting " + System.getenv("ASHLAR_NAME"));
        if (args.length > 0 && args[0].equals("die")) {
            System.out.println("cannot go on: the reason");
            System.exit(7);
        }
        Files.createDirectories(Path.of(System.getenv("ASHLAR_DATA_DIR")));
        serve("QUARKUS_MANAGEMENT_PORT", "{\"status\":\"UP\"}");
        serve("QUARKUS_HTTP_PORT", "{\"shards\":[{\"shard\":0,\"leader_replica\":1}]}");
        new CountDownLatch(1).await();
    }

    private static void serve(String portVariable, String answer) throws IOException {
        HttpServer server = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(System.getenv(portVariable))),
                0);
        server.createContext("/", exchange -> {
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }
}
