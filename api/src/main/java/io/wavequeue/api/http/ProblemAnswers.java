package io.wavequeue.api.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.wavequeue.letters.HistoryUnreadException;
import io.wavequeue.message.KafkaAwayException;
import io.wavequeue.store.DatabaseAwayException;
import jakarta.inject.Singleton;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/** Turns every exception into a problem. The last mapper is the process's edge: it logs what nobody expected. */
@Singleton
final class ProblemAnswers {
    private static final Logger LOG = Logger.getLogger(ProblemAnswers.class);
    private static final Duration DATABASE_BACK = Duration.ofSeconds(2);

    private final ObjectMapper json;

    ProblemAnswers(ObjectMapper json) {
        this.json = json;
    }

    @ServerExceptionMapper
    Response known(ProblemException exception) {
        Response.ResponseBuilder answer = answer(exception.problem());
        exception.headers().forEach(answer::header);
        return answer.build();
    }

    @ServerExceptionMapper
    Response away(DatabaseAwayException exception) {
        LOG.warnf("a call was answered 503: %s", exception.getMessage());
        String detail = exception.isCommitUnknown()
                ? "the connection broke while the answer was being kept; send the same request again with an Idempotency-Key"
                : "try again in a moment";
        return known(new ProblemException(ProblemKind.UNAVAILABLE, detail).retryAfter(DATABASE_BACK));
    }

    @ServerExceptionMapper
    Response away(KafkaAwayException exception) {
        LOG.warnf("a call was answered 503: %s", exception.getMessage());
        return known(new ProblemException(ProblemKind.KAFKA_AWAY, "try again in a moment").retryAfter(DATABASE_BACK));
    }

    @ServerExceptionMapper
    Response unread(HistoryUnreadException exception) {
        return known(new ProblemException(ProblemKind.HISTORY_UNREAD, String.valueOf(exception.getMessage()))
                .retryAfter(exception.retryAfter()));
    }

    /** What the HTTP layer refuses: no such path, method, content type. */
    @ServerExceptionMapper
    Response refused(WebApplicationException exception, UriInfo uri) {
        Response refusal = exception.getResponse();
        if (refusal.getStatus() < 400) {
            return refusal;
        }
        if (refusal.getStatus() >= 500) {
            return unexpected(exception);
        }
        Response.ResponseBuilder answer = answer(Problem.of(kind(refusal.getStatus()), detail(refusal.getStatus())));
        if (refusal.getStatus() == ProblemKind.METHOD_NOT_ALLOWED.status()) {
            answer.header(HttpHeaders.ALLOW, Methods.allowed(uri.getPath()));
        }
        return answer.build();
    }

    @ServerExceptionMapper
    Response unexpected(Throwable exception) {
        Optional<SQLException> sql = causes(exception)
                .filter(SQLException.class::isInstance)
                .map(SQLException.class::cast)
                .findFirst();
        if (sql.isPresent() && DatabaseAwayException.isMeantBy(sql.get().getSQLState())) {
            LOG.warnf("a call was answered 503: %s", sql.get().getMessage());
            return known(
                    new ProblemException(ProblemKind.UNAVAILABLE, "try again in a moment").retryAfter(DATABASE_BACK));
        }
        LOG.error("a call was answered 500; this is a fault of the API and not of its caller", exception);
        return answer(Problem.of(ProblemKind.INTERNAL, "the cause is in the log of the API"))
                .build();
    }

    private Response.ResponseBuilder answer(Problem problem) {
        return Response.status(problem.status())
                .header(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .entity(bytes(problem));
    }

    byte[] bytes(Problem problem) {
        try {
            return json.writeValueAsBytes(problem);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static ProblemKind kind(int status) {
        return switch (status) {
            case 401 -> ProblemKind.UNAUTHORIZED;
            case 404 -> ProblemKind.NOT_FOUND;
            case 405 -> ProblemKind.METHOD_NOT_ALLOWED;
            case 406 -> ProblemKind.NOT_ACCEPTABLE;
            case 413 -> ProblemKind.TOO_LARGE;
            case 415 -> ProblemKind.UNSUPPORTED_MEDIA_TYPE;
            default -> ProblemKind.BAD_REQUEST;
        };
    }

    private static String detail(int status) {
        return switch (status) {
            case 404 -> "nothing is at this path; /q/swagger-ui shows all calls";
            case 405 -> "the header Allow lists the methods of this path";
            case 415 ->
                "the header Content-Type must name what this call takes: application/json; for /v1/media multipart/form-data too;"
                        + " for /v1/batches text/csv and application/x-ndjson too";
            default -> "the request cannot be read as HTTP asks";
        };
    }

    private static Stream<Throwable> causes(Throwable exception) {
        return Stream.<@Nullable Throwable>iterate(
                        exception, cause -> cause != null, cause -> cause == null ? null : cause.getCause())
                .limit(20)
                .map(Throwable.class::cast);
    }
}
