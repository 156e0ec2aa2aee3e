package io.wavequeue.api.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.admission.Shown;
import io.wavequeue.api.http.IdempotencyHeader;
import io.wavequeue.api.http.JobId;
import io.wavequeue.api.http.JsonBody;
import io.wavequeue.api.http.Problem;
import io.wavequeue.api.http.QueryReader;
import io.wavequeue.api.status.PageReader;
import io.wavequeue.job.BulkKind;
import io.wavequeue.job.BulkStatus;
import io.wavequeue.job.JobIds;
import io.wavequeue.job.SkipReason;
import io.wavequeue.store.BulkView.Item;
import io.wavequeue.store.BulkView.Place;
import io.wavequeue.store.BulkView.Progress;
import io.wavequeue.store.view.JobCursor;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** What every kind of bulk operation answers to, once it is made. */
abstract class BulkResource<V> {
    private static final int USUAL = 50;
    private static final int MOST = 1_000;

    private final BulkKind kind;
    private final BulkDesk desk;
    private final JobIds ids;

    BulkResource(BulkKind kind, BulkDesk desk, JobIds ids) {
        this.kind = kind;
        this.desk = desk;
        this.ids = ids;
    }

    /** What the body asks for; a {@code ProblemException} that lists everything wrong with it. */
    abstract BulkCall read(UUID id, JsonNode body);

    /** The operation as it is shown; id null = a dry run. */
    abstract V view(@Nullable UUID id, Progress progress);

    private V view(Progress progress) {
        return view(progress.order().id(), progress);
    }

    /** Makes an operation, or tells what it would be. */
    Response make(InputStream in, HttpHeaders headers, UriInfo uri) {
        QueryReader.refuseAll(uri);
        JsonBody.require(headers);
        Optional<String> key = IdempotencyHeader.of(headers);
        JsonNode body = JsonBody.read(in);
        return make(read(ids.next(), body), body, key);
    }

    Response make(BulkCall call, JsonNode body, Optional<String> key) {
        return call.dryRun()
                ? desk.dryRun(call.order(), call.choice(), this::view)
                : desk.create(call.order(), call.choice(), body, key, this::view);
    }

    @GET
    @APIResponse(responseCode = "200")
    @Operation(summary = "What was asked for, by whom, when and with what result; newest first")
    @Parameter(
            name = "limit",
            in = ParameterIn.QUERY,
            schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "1000", defaultValue = "50"))
    @Parameter(name = "cursor", in = ParameterIn.QUERY, description = "next_cursor of the page before")
    public BulkPage<V> list(@Context UriInfo uri) {
        QueryReader query = QueryReader.of(uri, "limit", "cursor");
        JobCursor cursor = PageReader.cursor(query);
        int limit = PageReader.limit(query, USUAL, MOST);
        query.finish();
        List<Progress> found =
                desk.newest(kind, cursor == null ? null : new Place(cursor.createdAt(), cursor.id()), limit + 1);
        List<Progress> page = found.subList(0, Math.min(limit, found.size()));
        String next = found.size() > limit
                ? new JobCursor(
                                page.getLast().createdAt(),
                                page.getLast().order().id())
                        .text()
                : null;
        return new BulkPage<>(page.stream().map(this::view).toList(), next);
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "How far it has come")
    @APIResponse(responseCode = "200")
    public V get(@PathParam("id") @Schema(type = SchemaType.STRING, format = "uuid") String id, @Context UriInfo uri) {
        QueryReader.refuseAll(uri);
        return view(desk.find(kind, id(id)));
    }

    @GET
    @Path("/{id}/jobs")
    @APIResponse(responseCode = "200")
    @Operation(summary = "Its jobs, in the order of their ids: what became of each, and why")
    @Parameter(
            name = "outcome",
            in = ParameterIn.QUERY,
            description = "Only these: replayed (resolved, cancelled, held, released), waiting, or a reason",
            example = "parked")
    @Parameter(
            name = "limit",
            in = ParameterIn.QUERY,
            schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "1000", defaultValue = "50"))
    @Parameter(name = "cursor", in = ParameterIn.QUERY, description = "next_cursor of the page before")
    public BulkPage<BulkJobView> jobs(
            @PathParam("id") @Schema(type = SchemaType.STRING, format = "uuid") String id, @Context UriInfo uri) {
        QueryReader query = QueryReader.of(uri, "outcome", "limit", "cursor");
        Optional<String> outcome = query.one("outcome");
        Optional<String> fate = outcome.flatMap(name -> BulkJobView.fate(kind, name));
        if (outcome.isPresent() && fate.isEmpty()) {
            query.refuse(
                    "outcome",
                    "\"%s\" is not an outcome; use %s, waiting, or a reason for which jobs were skipped, such as %s"
                            .formatted(Shown.name(outcome.get()), kind.done(), example(kind)));
        }
        Optional<String> cursor = query.one("cursor");
        Optional<UUID> after = cursor.flatMap(JobId::parse);
        if (cursor.isPresent() && after.isEmpty()) {
            query.refuse("cursor", "is not a next_cursor of this list");
        }
        int limit = PageReader.limit(query, USUAL, MOST);
        query.finish();
        List<Item> found = desk.jobs(kind, id(id), fate.orElse(null), after.orElse(null), limit + 1);
        List<Item> page = found.subList(0, Math.min(limit, found.size()));
        return new BulkPage<>(
                page.stream().map(item -> BulkJobView.of(kind, item)).toList(),
                found.size() > limit ? page.getLast().jobId().toString() : null);
    }

    @POST
    @Path("/{id}/pause")
    @Operation(
            summary = "Stops it for now",
            description = "No job is changed by it after the answer, until it is resumed.")
    @APIResponse(responseCode = "200")
    @APIResponse(
            responseCode = "409",
            description = "It has ended",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public V pause(
            @PathParam("id") @Schema(type = SchemaType.STRING, format = "uuid") String id, @Context UriInfo uri) {
        return change(id, uri, BulkStatus.PAUSED);
    }

    @POST
    @Path("/{id}/resume")
    @Operation(summary = "Lets it go on")
    @APIResponse(responseCode = "200")
    @APIResponse(
            responseCode = "409",
            description = "It has ended",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public V resume(
            @PathParam("id") @Schema(type = SchemaType.STRING, format = "uuid") String id, @Context UriInfo uri) {
        return change(id, uri, BulkStatus.RUNNING);
    }

    @POST
    @Path("/{id}/abort")
    @Operation(summary = "Ends it", description = "What was done stays done; the other jobs stay as they are.")
    @APIResponse(responseCode = "200")
    @APIResponse(
            responseCode = "409",
            description = "It is done",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public V abort(
            @PathParam("id") @Schema(type = SchemaType.STRING, format = "uuid") String id, @Context UriInfo uri) {
        return change(id, uri, BulkStatus.ABORTED);
    }

    private static String example(BulkKind kind) {
        return switch (kind) {
            case REPLAY -> SkipReason.PARKED.code();
            case RESOLUTION -> SkipReason.ALREADY_RESOLVED.code();
            case CANCELLATION, HOLD, RELEASE -> SkipReason.ENDED.code();
        };
    }

    private V change(String id, UriInfo uri, BulkStatus next) {
        QueryReader.refuseAll(uri);
        return view(desk.change(kind, id(id), next));
    }

    private UUID id(String text) {
        return JobId.ofPath(text, kind.code());
    }
}
