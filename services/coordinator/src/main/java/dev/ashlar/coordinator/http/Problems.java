package dev.ashlar.coordinator.http;

import java.util.Optional;
import jakarta.inject.Inject;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

import dev.ashlar.access.Access;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.coordinator.boot.CoordinatorNode;

/** Turns whatever an endpoint throws into a problem. A {@code no_leader} names the leader when it is known. */
public class Problems {
    private static final Logger LOG = Logger.getLogger(Problems.class);
    static final String MEDIA_TYPE = "application/problem+json";
    private static final String LEADER = "Ashlar-Leader";

    private final CoordinatorNode node;
    private final Access access;

    @Inject
    Problems(CoordinatorNode node, Access access) {
        this.node = node;
        this.access = access;
    }

    @ServerExceptionMapper
    public Response api(ApiException problem) {
        Response.ResponseBuilder answer = answer(problem.code(), problem.getMessage());
        if (problem.code() == ErrorCode.NO_LEADER) {
            leader().ifPresent(url -> answer.header(LEADER, url));
        }
        if (problem.retryAfterMs() >= 0 || problem.code().status() == 503) {
            answer.header(HttpHeaders.RETRY_AFTER, Math.max(1, (problem.retryAfterMs() + 999) / 1_000));
        }
        return answer.build();
    }

    @ServerExceptionMapper
    public Response json(JacksonException bad) {
        return answer(
                        ErrorCode.INVALID_ARGUMENT,
                        "the body is not the JSON that is expected: " + bad.getOriginalMessage())
                .build();
    }

    /** The framework has a mapper of its own for this one, which would say nothing: the more specific wins. */
    @ServerExceptionMapper
    public Response json(MismatchedInputException bad) {
        return json((JacksonException) bad);
    }

    @ServerExceptionMapper
    public Response web(WebApplicationException refused) {
        if (refused.getCause() instanceof JacksonException bad) {
            return json(bad);
        }
        int status = refused.getResponse().getStatus();
        ErrorCode code =
                switch (status) {
                    case 404 -> ErrorCode.NOT_FOUND;
                    case 405 -> ErrorCode.METHOD_NOT_ALLOWED;
                    case 413 -> ErrorCode.VALUE_TOO_LARGE;
                    default -> status >= 500 ? ErrorCode.INTERNAL : ErrorCode.INVALID_ARGUMENT;
                };
        Problem problem = new Problem(
                Problem.of(code, "").type(),
                code.title(),
                status,
                status == 404 ? "there is nothing at this address" : String.valueOf(refused.getMessage()),
                code.code());
        return Response.status(status).type(MEDIA_TYPE).entity(problem).build();
    }

    @ServerExceptionMapper
    public Response bug(RuntimeException bug) {
        LOG.error("a request failed", bug);
        return answer(ErrorCode.INTERNAL, "the coordinator failed; its log says more")
                .build();
    }

    private static Response.ResponseBuilder answer(ErrorCode code, String detail) {
        return Response.status(code.status()).type(MEDIA_TYPE).entity(Problem.of(code, detail));
    }

    private Optional<String> leader() {
        return node.running()
                .flatMap(running -> running.group().leader())
                .map(node::httpAddress)
                .filter(address -> !address.isEmpty()
                        && !node.status().orElseThrow().httpAddress().equals(address))
                .map(address -> access.scheme() + address);
    }
}
