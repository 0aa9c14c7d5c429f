package dev.ashlar.raft.transport;

import java.util.Optional;

/** Where a peer listens. */
record Address(String host, int port) {
    /** Reads {@code host:port} or {@code [v6]:port}; empty when the text is neither. */
    static Optional<Address> parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            return Optional.empty();
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            return host.isEmpty() || port < 1 || port > 65_535
                    ? Optional.empty()
                    : Optional.of(new Address(host, port));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
