package io.wavequeue.api.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.wavequeue.catalogue.FieldError;
import io.wavequeue.job.SkipReason;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * An RFC 9457 problem, the body of every answer from 400 on.
 *
 * @param type a URN that ends in the code
 * @param code the kind of problem in a word
 * @param title the kind of problem in a sentence
 * @param detail this case
 * @param errors everything that is wrong, at once
 * @param reason why a job is left as it is; null, and not written, in problems of other kinds
 * @param canBeForced whether the call does it all the same when it names the reason in {@code force}; null as reason is
 */
@Schema(description = "An RFC 9457 problem (application/problem+json).")
public record Problem(
        @Schema(examples = "urn:wavequeue:problem:invalid_request")
        String type,

        @Schema(examples = "invalid_request") String code,
        @Schema(examples = "The request is invalid") String title,
        @Schema(examples = "422") int status,
        @Schema(examples = "2 fields are wrong") String detail,
        List<Item> errors,

        @Schema(nullable = true, description = "Of not_replayed: why, as skipped names it", examples = "moderated")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        String reason,

        @Schema(
                nullable = true,
                description = "Of not_replayed: whether naming the reason in force goes on all the same")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        Boolean canBeForced) {

    /** The media type of its JSON. */
    public static final String MEDIA_TYPE = "application/problem+json";

    /** One thing that is wrong. The line is told for bodies that are not JSON and for files of jobs. */
    @Schema(name = "ProblemItem")
    public record Item(
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Integer line,

            @Schema(examples = "input.prompt") String field,
            @Schema(examples = "is required: a text") String message) {
        static Item of(FieldError error) {
            return new Item(null, error.field(), error.message());
        }
    }

    public Problem {
        errors = List.copyOf(errors);
    }

    static Problem of(ProblemKind kind, String detail, List<Item> errors) {
        return new Problem(
                "urn:wavequeue:problem:" + kind.code(),
                kind.code(),
                kind.title(),
                kind.status(),
                detail,
                errors,
                null,
                null);
    }

    Problem because(SkipReason skipped) {
        return new Problem(type, code, title, status, detail, errors, skipped.code(), skipped.isForcible());
    }

    static Problem of(ProblemKind kind, String detail) {
        return of(kind, detail, List.of());
    }
}
