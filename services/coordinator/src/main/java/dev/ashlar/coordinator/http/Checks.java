package dev.ashlar.coordinator.http;

import java.util.List;
import java.util.regex.Pattern;

import dev.ashlar.common.Limits;
import dev.ashlar.common.StoreId;
import dev.ashlar.common.cluster.HeartbeatRequest;
import dev.ashlar.common.cluster.Notice;
import dev.ashlar.common.cluster.OrderResult;
import dev.ashlar.common.cluster.RegisterRequest;
import dev.ashlar.common.cluster.ReplicaCheck;
import dev.ashlar.common.cluster.ReplicaReport;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;

/** Checks what stores send (S8). What is optional and absent is filled in, so that nobody after this meets a null. */
final class Checks {
    private static final Pattern ADDRESS = Pattern.compile("[A-Za-z0-9._\\[\\]:-]{1,250}:[0-9]{1,5}");

    private static final Pattern WORD = Pattern.compile("[a-z_]{1,40}");

    private Checks() {}

    static RegisterRequest valid(RegisterRequest request) {
        if (request == null) {
            throw bad("the body is missing");
        }
        StoreId id = id(request.name(), request.diskId());
        return new RegisterRequest(
                id.name(),
                id.diskId(),
                text("zone", request.zone()),
                address("http_address", request.httpAddress()),
                address("peer_address", request.peerAddress()),
                text("version", request.version()),
                request.dataFormat());
    }

    static HeartbeatRequest valid(HeartbeatRequest beat) {
        if (beat == null) {
            throw bad("the body is missing");
        }
        StoreId id = id(beat.name(), beat.diskId());
        return new HeartbeatRequest(
                id.name(),
                id.diskId(),
                beat.incarnation(),
                text("state", beat.state()),
                list("replicas", beat.replicas(), Limits.SHARDS_MAX).stream()
                        .map(Checks::valid)
                        .toList(),
                list("results", beat.results(), Limits.HEARTBEAT_ITEMS_MAX).stream()
                        .map(result -> new OrderResult(result.id(), result.ok(), nonNull(result.detail())))
                        .toList(),
                list("alarms", beat.alarms(), Limits.HEARTBEAT_ITEMS_MAX).stream()
                        .map(alarm -> text("alarms", alarm))
                        .toList(),
                beat.dataBytes(),
                beat.diskFreeBytes(),
                text("readiness", beat.readiness()),
                list("notices", beat.notices(), Limits.NOTICES_MAX).stream()
                        .map(Checks::valid)
                        .toList(),
                list("checks", beat.checks(), Limits.SHARDS_MAX).stream()
                        .map(Checks::valid)
                        .toList(),
                beat.view());
    }

    private static Notice valid(Notice notice) {
        if (!WORD.matcher(nonNull(notice.kind())).matches()) {
            throw bad("notices have a kind of 1 to 40 of the characters a-z and _");
        }
        return new Notice(notice.kind(), nonNull(notice.reason()));
    }

    private static ReplicaCheck valid(ReplicaCheck check) {
        String damage = nonNull(check.damage());
        return new ReplicaCheck(
                check.shard(),
                check.replica(),
                check.index(),
                check.revision(),
                text("checksum", check.checksum()),
                damage.length() > Limits.EVENT_REASON_CHARS_MAX
                        ? damage.substring(0, Limits.EVENT_REASON_CHARS_MAX)
                        : damage);
    }

    private static ReplicaReport valid(ReplicaReport report) {
        return new ReplicaReport(
                report.shard(),
                report.replica(),
                text("role", report.role()),
                report.term(),
                report.leaderReplica(),
                report.commitIndex(),
                report.appliedIndex(),
                report.lagEntries(),
                report.revision(),
                report.membersIndex(),
                list("members", report.members(), Limits.HEARTBEAT_ITEMS_MAX));
    }

    /** A parameter that is a number, at least {@code min} and at most {@code max}. */
    static long number(String name, String text, long absent, long min, long max) {
        if (text == null) {
            return absent;
        }
        try {
            long value = Long.parseLong(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            // Told below.
        }
        throw bad(name + " must be a number from " + min + " to " + max);
    }

    /** The name of a store. */
    static String name(String what, String text) {
        return id(what, text, "0000000000000000").name();
    }

    private static StoreId id(String what, String name, String diskId) {
        try {
            return new StoreId(nonNull(name), nonNull(diskId));
        } catch (IllegalArgumentException e) {
            throw bad(what + ": " + e.getMessage());
        }
    }

    private static StoreId id(String name, String diskId) {
        try {
            return new StoreId(nonNull(name), nonNull(diskId));
        } catch (IllegalArgumentException e) {
            throw bad(e.getMessage());
        }
    }

    private static String address(String field, String value) {
        if (!ADDRESS.matcher(nonNull(value)).matches()) {
            throw bad(field + " must be host:port");
        }
        return value;
    }

    private static String text(String field, String value) {
        String text = nonNull(value);
        if (text.length() > Limits.IDENTITY_CHARS_MAX) {
            throw bad(field + " is longer than " + Limits.IDENTITY_CHARS_MAX + " characters");
        }
        return text;
    }

    private static <T> List<T> list(String field, List<T> values, int max) {
        List<T> list = values == null ? List.of() : values;
        if (list.size() > max) {
            throw bad(field + " has more than " + max + " items");
        }
        if (list.stream().anyMatch(item -> item == null)) {
            throw bad(field + " has an item that is null");
        }
        return list;
    }

    private static String nonNull(String value) {
        return value == null ? "" : value;
    }

    private static ApiException bad(String detail) {
        return new ApiException(ErrorCode.INVALID_ARGUMENT, detail);
    }
}
