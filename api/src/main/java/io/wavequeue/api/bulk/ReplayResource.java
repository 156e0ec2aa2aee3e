package io.wavequeue.api.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.wavequeue.api.http.IdempotencyHeader;
import io.wavequeue.api.http.Problem;
import io.wavequeue.api.http.ProblemException;
import io.wavequeue.api.http.ProblemKind;
import io.wavequeue.job.BulkKind;
import io.wavequeue.job.JobIds;
import io.wavequeue.letters.LetterReplays;
import io.wavequeue.letters.LetterReplays.Letters;
import io.wavequeue.store.AccountStore;
import io.wavequeue.store.BulkView.Progress;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Jobs that ended go again. */
@Path("/v1/replays")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "replays")
public class ReplayResource extends BulkResource<ReplayView> {
    private final BulkDesk desk;
    private final LetterReplays letters;
    private final AccountStore accounts;

    ReplayResource(BulkDesk desk, JobIds ids, LetterReplays letters, AccountStore accounts) {
        super(BulkKind.REPLAY, desk, ids);
        this.desk = desk;
        this.accounts = accounts;
        this.letters = letters;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "createReplay",
            summary = "Has jobs that failed, were cancelled or lost an output go again",
            description =
                    "The jobs are chosen now and never again, and go again under their own ids, in chunks. Each is judged when its turn comes: one that is on its way, that may still be charged, that was replayed too often or was moderated is skipped, and told. Overrides are checked for every job before anything starts.")
    @Parameter(
            name = IdempotencyHeader.NAME,
            in = ParameterIn.HEADER,
            description = "1 to 255 visible ASCII characters of the caller's choice; a dry run needs none",
            schema = @Schema(type = SchemaType.STRING))
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = Bodies.Replay.class),
                            examples = {
                                @ExampleObject(name = "what would it cost to replay a group of failures?", value = """
                                                {"filter": {"fingerprint": "6a0118800a81e762"}, "dry_run": true}
                                                """),
                                @ExampleObject(name = "with a corrected input", value = """
                                                {"filter": {"batch_id": "019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d11", "error_class": "invalid_input"},
                                                 "input_overrides": {"duration": 30}, "rate_per_minute": 600}
                                                """),
                                @ExampleObject(name = "complete a batch", value = """
                                                {"filter": {"batch_id": "019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d11"}, "missing": true}
                                                """),
                                @ExampleObject(
                                        name = "from the dead-letter topic, when the database was lost",
                                        value = """
                                                {"source": "dead_letters", "since": "2026-11-30T00:00:00Z", "dry_run": true}
                                                """)
                            }))
    @APIResponse(
            responseCode = "202",
            description = "The jobs are chosen; Location tells how far it has come",
            content = @Content(schema = @Schema(implementation = ReplayView.class)))
    @APIResponse(
            responseCode = "200",
            description = "A dry run: nothing is kept, and id is null",
            content = @Content(schema = @Schema(implementation = ReplayView.class)))
    @APIResponse(
            responseCode = "503",
            description =
                    "From the topic: Kafka does not answer (kafka_away), or the provider's history is not read yet"
                            + " (history_unread); Retry-After says when to ask again",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Response post(InputStream body, @Context HttpHeaders headers, @Context UriInfo uri) {
        return make(body, headers, uri);
    }

    @Override
    Response make(BulkCall call, JsonNode body, Optional<String> key) {
        if (call.letters() == null) {
            return super.make(call, body, key);
        }
        // Before Kafka and the provider's history are asked: a repeated call gets its answer while these are away.
        Optional<Response> earlier =
                call.dryRun() ? Optional.empty() : key.flatMap(text -> desk.earlier(BulkKind.REPLAY, body, text));
        if (earlier.isPresent()) {
            return earlier.get();
        }
        try (Letters read = letters.prepare(
                call.letters(), call.order().forced(), call.order().overrides())) {
            Response answer = super.make(call.with(read.choice()), body, key);
            if (!call.dryRun()) {
                read.committed();
            }
            return answer;
        } catch (IOException failure) {
            throw new UncheckedIOException("the letters cannot be spooled", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ProblemException(ProblemKind.HISTORY_UNREAD, "the API stops; ask again");
        }
    }

    @Override
    BulkCall read(UUID id, JsonNode body) {
        return ReplayRequest.of(id, body);
    }

    @Override
    ReplayView view(@Nullable UUID id, Progress progress) {
        return ReplayView.of(id, progress, id == null ? Purse.of(accounts.read(), accounts.use()) : null);
    }
}
