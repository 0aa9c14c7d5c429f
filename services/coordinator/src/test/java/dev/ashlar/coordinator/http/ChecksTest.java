package dev.ashlar.coordinator.http;

import java.util.Collections;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.ashlar.common.Limits;
import dev.ashlar.common.cluster.HeartbeatRequest;
import dev.ashlar.common.cluster.OrderResult;
import dev.ashlar.common.cluster.RegisterRequest;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ChecksTest {
    private static final String DISK = "00ff00ff00ff00ff";

    @ParameterizedTest(name = "{0} {1} {2} {3}: {4}")
    @CsvSource(
            nullValues = "null",
            value = {
                "store-0, 00ff00ff00ff00ff, 10.0.0.1:8080, pod.ns:8090, ''",
                "store-0, 00ff00ff00ff00ff, '[::1]:8080',  pod.ns:8090, ''",
                "null,    00ff00ff00ff00ff, 10.0.0.1:8080, pod.ns:8090, name",
                "a b,     00ff00ff00ff00ff, 10.0.0.1:8080, pod.ns:8090, name",
                "store-0, null,             10.0.0.1:8080, pod.ns:8090, disk id",
                "store-0, 00FF,             10.0.0.1:8080, pod.ns:8090, disk id",
                "store-0, 00ff00ff00ff00ff, null,          pod.ns:8090, http_address",
                "store-0, 00ff00ff00ff00ff, http://x:1,    pod.ns:8090, http_address",
                "store-0, 00ff00ff00ff00ff, 10.0.0.1:8080, pod.ns,      peer_address",
            })
    void registrations(String name, String disk, String http, String peer, String wrong) {
        RegisterRequest request = new RegisterRequest(name, disk, null, http, peer, null, 1);
        if (wrong.isEmpty()) {
            assertThat(Checks.valid(request).zone()).isEmpty();
        } else {
            assertBad(() -> Checks.valid(request), wrong);
        }
    }

    @Test
    void limitsHoldOnBothSides() {
        String longest = "z".repeat(Limits.IDENTITY_CHARS_MAX);
        assertThat(Checks.valid(new RegisterRequest("a", DISK, longest, "h:1", "h:2", "", 1))
                        .zone())
                .isEqualTo(longest);
        assertBad(() -> Checks.valid(new RegisterRequest("a", DISK, longest + "z", "h:1", "h:2", "", 1)), "zone");
        assertThat(Checks.valid(beat(results(Limits.HEARTBEAT_ITEMS_MAX))).results())
                .hasSize(Limits.HEARTBEAT_ITEMS_MAX);
        assertBad(() -> Checks.valid(beat(results(Limits.HEARTBEAT_ITEMS_MAX + 1))), "results");
        assertBad(() -> Checks.valid(beat(Collections.singletonList(null))), "null");
        assertBad(() -> Checks.valid((HeartbeatRequest) null), "missing");
    }

    @ParameterizedTest(name = "limit={0}")
    @CsvSource(
            nullValues = "null",
            value = {"null,7", "1,1", "1000,1000", "0,-1", "1001,-1", "x,-1", "99999999999999999999,-1"})
    void numbers(String text, long expected) {
        if (expected < 0) {
            assertBad(() -> Checks.number("limit", text, 7, 1, 1_000), "limit must be a number from 1 to 1000");
        } else {
            assertThat(Checks.number("limit", text, 7, 1, 1_000)).isEqualTo(expected);
        }
    }

    private static HeartbeatRequest beat(List<OrderResult> results) {
        return new HeartbeatRequest("a", DISK, 1, null, null, results, null, 0, 0);
    }

    private static List<OrderResult> results(int count) {
        return Collections.nCopies(count, new OrderResult(1, true, null));
    }

    private static void assertBad(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String what) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageContaining(what);
    }
}
