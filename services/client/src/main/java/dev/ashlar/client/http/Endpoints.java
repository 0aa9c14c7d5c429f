package dev.ashlar.client.http;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

import dev.ashlar.client.error.AshlarException;
import dev.ashlar.common.error.ErrorCode;

/** Reads a comma-separated list of base URLs; {@code host:port} alone means http. At most 32. */
public final class Endpoints {
    private static final int ENDPOINTS_MAX = 32;

    private Endpoints() {}

    public static List<URI> parse(String list) {
        List<URI> endpoints = new ArrayList<>();
        for (String part : list.split(",", -1)) {
            if (!part.isBlank()) {
                endpoints.add(one(part.strip()));
            }
        }
        if (endpoints.isEmpty() || endpoints.size() > ENDPOINTS_MAX) {
            throw AshlarException.notSent(
                    ErrorCode.INVALID_ARGUMENT, "name 1 to " + ENDPOINTS_MAX + " endpoints, not " + endpoints.size());
        }
        return List.copyOf(endpoints);
    }

    private static URI one(String text) {
        String full = text.contains("://") ? text : "http://" + text;
        try {
            URI uri = URI.create(full.replaceAll("/+$", ""));
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (web && uri.getHost() != null && uri.getQuery() == null && uri.getUserInfo() == null) {
                return uri;
            }
        } catch (IllegalArgumentException notAUri) {
            // Told below.
        }
        throw AshlarException.notSent(
                ErrorCode.INVALID_ARGUMENT, "'" + text + "' is not an endpoint such as http://127.0.0.1:8080");
    }
}
