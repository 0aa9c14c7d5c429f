package dev.ashlar.client.http;

import java.io.IOException;

import com.fasterxml.jackson.databind.JsonNode;

import dev.ashlar.client.error.AshlarException;
import dev.ashlar.client.error.PreconditionFailedException;
import dev.ashlar.client.error.UnknownOutcomeException;

/** An error of the API (RFC 9457): the code, and what was wrong as one sentence. */
public record Problem(String code, String detail, int status) {
    /** The exception for an answer which is not a success. */
    public static AshlarException of(Answer answer) {
        Problem problem = parse(answer);
        return switch (problem.code) {
            case "revision_mismatch", "exists" ->
                new PreconditionFailedException(problem.code, problem.status, problem.detail, answer.revision());
            default -> new AshlarException(problem.code, problem.status, problem.detail);
        };
    }

    static UnknownOutcomeException unknown(Call call, String why) {
        return new UnknownOutcomeException(
                "the outcome of the write is unknown, it may have been applied or not: " + why, call.idempotencyKey());
    }

    static Problem parse(Answer answer) {
        try {
            JsonNode body = Json.read(answer.body(), JsonNode.class);
            String code = body == null ? "" : body.path("code").asText("");
            if (!code.isBlank()) {
                String detail = body.path("detail").asText("");
                return new Problem(
                        code, sentence(detail.isBlank() ? body.path("title").asText("") : detail), answer.status());
            }
        } catch (IOException notJson) {
            // A proxy or another server answered; the status is all there is.
        }
        return new Problem(
                "http_" + answer.status(),
                answer.from() + " answered status " + answer.status() + ".",
                answer.status());
    }

    private static String sentence(String text) {
        String stripped = text.strip();
        return stripped.isEmpty() || stripped.endsWith(".") || stripped.endsWith("?") ? stripped : stripped + ".";
    }
}
