package dev.ashlar.client.http;

import java.net.URI;
import java.net.http.HttpHeaders;

/** What an endpoint answered. Nobody compares answers or changes a body. */
@SuppressWarnings("ArrayRecordComponent")
public record Answer(URI from, int status, HttpHeaders headers, byte[] body) {
    public boolean ok() {
        return status >= 200 && status < 300;
    }

    /** A header, or the empty text. */
    public String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    /** The revision in the ETag, or -1. */
    public long revision() {
        String digits = header("ETag").replace("W/", "").replace("\"", "");
        return digits.matches("\\d{1,18}") ? Long.parseLong(digits) : -1;
    }
}
