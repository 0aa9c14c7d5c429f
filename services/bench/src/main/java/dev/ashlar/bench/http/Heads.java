package dev.ashlar.bench.http;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.ashlar.bench.load.Payload;

/** The parts of requests that do not change during a run. */
final class Heads {
    private Heads() {}

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Every key as it stands in a path: of what needs an escape, keys hold braces alone. */
    static byte[][] paths(Payload payload) {
        byte[][] paths = new byte[payload.keyCount()][];
        for (int i = 0; i < paths.length; i++) {
            String key = new String(payload.key(i), StandardCharsets.US_ASCII);
            paths[i] = ascii(key.replace("{", "%7B").replace("}", "%7D"));
        }
        return paths;
    }

    /** For each member what follows the path, up to the empty line; {@code token} may be empty, {@code more} holds lines. */
    static byte[][] of(List<InetSocketAddress> members, String token, String more) {
        return members.stream()
                .map(member -> ascii(" HTTP/1.1\r\nHost: " + member.getHostString() + ":" + member.getPort() + "\r\n"
                        + (token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n")
                        + more + "\r\n"))
                .toArray(byte[][]::new);
    }
}
