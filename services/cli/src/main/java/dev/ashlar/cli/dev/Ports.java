package dev.ashlar.cli.dev;

import java.util.List;

/** The ports of one process on 127.0.0.1: API, health and metrics, Raft peers. */
public record Ports(int http, int management, int peer) {
    public List<Integer> all() {
        return List.of(http, management, peer);
    }

    /** The base URL of the API. */
    public String url() {
        return "http://127.0.0.1:" + http;
    }
}
