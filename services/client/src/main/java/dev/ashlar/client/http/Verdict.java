package dev.ashlar.client.http;

/**
 * What an answer says about what was done.
 *
 * <table>
 * <caption>By status and code</caption>
 * <tr><td>503 {@code no_leader}, {@code draining}; 429</td><td>nothing, another time or place may do</td></tr>
 * <tr><td>502, 504, 503 without a code of the API</td><td>unknown, another time or place may tell</td></tr>
 * <tr><td>500</td><td>unknown, and will not become better</td></tr>
 * <tr><td>401, 403, other 503</td><td>nothing by this try</td></tr>
 * <tr><td>all others</td><td>what they say; they hold for an earlier try of the same call too</td></tr>
 * </table>
 */
enum Verdict {
    LATER,
    LATER_UNKNOWN,
    UNKNOWN,
    REFUSED,
    DECIDED;

    static Verdict of(Answer answer) {
        return switch (answer.status()) {
            case 401, 403 -> REFUSED;
            case 429 -> LATER;
            case 500 -> UNKNOWN;
            case 502, 504 -> LATER_UNKNOWN;
            case 503 ->
                switch (Problem.parse(answer).code()) {
                    case "no_leader", "draining" -> LATER;
                    case "http_503" -> LATER_UNKNOWN;
                    default -> REFUSED;
                };
            default -> DECIDED;
        };
    }

    /** Whether to ask again. */
    boolean comesLater() {
        return this == LATER || this == LATER_UNKNOWN;
    }

    /** Whether a write that was answered so may have been applied. */
    boolean leavesUnknown() {
        return this == LATER_UNKNOWN || this == UNKNOWN;
    }
}
