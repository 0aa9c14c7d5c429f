package dev.ashlar.coordinator.http;

import dev.ashlar.common.error.ErrorCode;

/** The body of an error, RFC 9457. {@code code} is stable. */
public record Problem(String type, String title, int status, String detail, String code) {
    private static final String TYPE = "https://ashlar.dev/problems/";

    static Problem of(ErrorCode code, String detail) {
        return new Problem(TYPE + code.code(), code.title(), code.status(), detail, code.code());
    }
}
