package io.wavequeue.api.library;

import static java.util.stream.Collectors.toMap;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.wavequeue.admission.Shown;
import io.wavequeue.api.http.JsonBody;
import io.wavequeue.api.http.Problem;
import io.wavequeue.api.http.ProblemException;
import io.wavequeue.api.http.ProblemKind;
import io.wavequeue.api.http.QueryReader;
import io.wavequeue.api.status.PageReader;
import io.wavequeue.catalogue.FieldError;
import io.wavequeue.job.NewTake;
import io.wavequeue.store.TakeStore;
import io.wavequeue.store.TakeStore.Decision;
import io.wavequeue.store.TakeStore.Library;
import io.wavequeue.store.TakeStore.Take;
import io.wavequeue.store.view.JobViews;
import io.wavequeue.store.view.StoredJob;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Libraries, their takes, and what people decide of these. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "libraries")
public class TakeResource {
    private static final Logger LOG = Logger.getLogger(TakeResource.class);
    private static final int USUAL_LIMIT = 100;
    private static final int MOST = 1_000;
    private static final String NAME = "name";
    private static final String REFERENCE = "reference";
    private static final String TAKE = "take";

    private final TakeStore takes;
    private final JobViews jobs;

    TakeResource(TakeStore takes, JobViews jobs) {
        this.takes = takes;
        this.jobs = jobs;
    }

    /** A library and how much it has. */
    @Schema(name = "Library")
    record LibraryView(String name, long cues, long takes, Instant createdAt) {}

    /** A page of libraries. */
    @Schema(name = "LibraryPage")
    record LibraryPage(
            @Schema(description = "By name") List<LibraryView> items,

            @Schema(nullable = true, description = "Give it as cursor to get the next page; null = this was the last")
            @Nullable
            String nextCursor) {}

    /** Names a take, in bodies. */
    @Schema(name = "TakeName")
    record TakeName(
            @Schema(required = true, description = "Of the library")
            String name,

            @Schema(required = true, description = "Of the cue")
            String reference,

            @Schema(required = true, minimum = "1", maximum = "100")
            int take) {}

    @GET
    @Path("/libraries")
    @Operation(operationId = "listLibraries", summary = "Libraries: the names of batches, and what they made")
    @Parameter(
            name = "limit",
            in = ParameterIn.QUERY,
            schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "1000", defaultValue = "100"))
    @Parameter(name = "cursor", in = ParameterIn.QUERY, description = "next_cursor of the page before")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = LibraryPage.class)))
    public LibraryPage libraries(@Context UriInfo uri) {
        QueryReader query = QueryReader.of(uri, PageReader.NAMES);
        int limit = PageReader.limit(query, USUAL_LIMIT, MOST);
        @Nullable String after = query.one("cursor").orElse(null);
        query.finish();
        List<Library> found = takes.libraries(after, limit + 1);
        List<Library> page = found.subList(0, Math.min(limit, found.size()));
        return new LibraryPage(
                page.stream()
                        .map(one -> new LibraryView(one.name(), one.cues(), one.takes(), one.createdAt()))
                        .toList(),
                found.size() > limit ? page.getLast().name() : null);
    }

    @GET
    @Path("/takes")
    @Operation(operationId = "listTakes", summary = "The takes of a library, by reference and number")
    @Parameter(name = NAME, in = ParameterIn.QUERY, required = true, description = "The library")
    @Parameter(name = REFERENCE, in = ParameterIn.QUERY, description = "Of this cue alone")
    @Parameter(
            name = "limit",
            in = ParameterIn.QUERY,
            schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "1000", defaultValue = "100"))
    @Parameter(name = "cursor", in = ParameterIn.QUERY, description = "next_cursor of the page before")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = TakeView.Page.class)))
    @APIResponse(
            responseCode = "404",
            description = "No library has this name",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public TakeView.Page list(@Context UriInfo uri) {
        QueryReader query = QueryReader.of(uri, NAME, REFERENCE, "limit", "cursor");
        Optional<String> name = query.one(NAME);
        if (name.isEmpty()) {
            query.refuse(NAME, "is required: the library");
        }
        @Nullable String reference = query.one(REFERENCE).orElse(null);
        int limit = PageReader.limit(query, USUAL_LIMIT, MOST);
        TakeCursor after = TakeCursor.of(query);
        query.finish();
        String library = name.orElseThrow();
        List<Take> found = takes.page(library, reference, after.reference(), after.number(), limit + 1);
        if (found.isEmpty() && !takes.isLibrary(library)) {
            throw new ProblemException(ProblemKind.NOT_FOUND, "there is no library \"" + Shown.name(library) + "\"");
        }
        List<Take> page = found.subList(0, Math.min(limit, found.size()));
        String next = found.size() > limit ? TakeCursor.behind(page.getLast()).text() : null;
        return new TakeView.Page(views(page), next);
    }

    @POST
    @Path("/takes/pick")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "pickTake",
            summary = "Says that a take is the one",
            description =
                    "Its file gets the cue's name; another one that was picked loses it. The cue's rejected takes are not made"
                            + " again then.")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = TakeName.class)))
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = TakeView.class)))
    @APIResponse(
            responseCode = "404",
            description = "There is no such take",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "409",
            description = "It has no file yet",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public TakeView pick(InputStream body, @Context UriInfo uri) {
        return decide(body, uri, Decision.PICK);
    }

    @POST
    @Path("/takes/reject")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "rejectTake",
            summary = "Says that a take is not wanted",
            description =
                    "It loses its named file; the archived one stays. The next plan makes it again, unless a take of the cue is"
                            + " picked, or its line names a seed and would give the same.")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = TakeName.class)))
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = TakeView.class)))
    @APIResponse(
            responseCode = "404",
            description = "There is no such take",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public TakeView reject(InputStream body, @Context UriInfo uri) {
        return decide(body, uri, Decision.REJECT);
    }

    @POST
    @Path("/takes/clear")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "clearTake", summary = "Takes back what was said of a take")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = TakeName.class)))
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = TakeView.class)))
    @APIResponse(
            responseCode = "404",
            description = "There is no such take",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public TakeView clear(InputStream body, @Context UriInfo uri) {
        return decide(body, uri, Decision.CLEAR);
    }

    private TakeView decide(InputStream body, UriInfo uri, Decision decision) {
        QueryReader.refuseAll(uri);
        TakeName take = name(JsonBody.read(body));
        switch (takes.decide(take.name(), take.reference(), take.take(), decision)) {
            case DONE ->
                LOG.infof("library %s: %s of take %d of %s", take.name(), decision, take.take(), take.reference());
            case UNKNOWN -> throw unknown(take);
            case WITHOUT_RESULT ->
                throw new ProblemException(
                        ProblemKind.TAKE_WITHOUT_RESULT,
                        "take %d of \"%s\" has no archived file yet".formatted(take.take(), take.reference()));
        }
        return takes.find(take.name(), take.reference(), take.take())
                .map(found -> views(List.of(found)).getFirst())
                .orElseThrow(() -> unknown(take));
    }

    private static ProblemException unknown(TakeName take) {
        return new ProblemException(
                ProblemKind.NOT_FOUND,
                "the library \"%s\" has no take %d of \"%s\""
                        .formatted(Shown.name(take.name()), take.take(), Shown.name(take.reference())));
    }

    private static TakeName name(JsonNode body) {
        List<FieldError> errors = new ArrayList<>();
        List<String> known = List.of(NAME, REFERENCE, TAKE);
        if (!body.isObject()) {
            errors.add(new FieldError("", Shown.value(body) + " is not allowed; it must be an object"));
        }
        body.fieldNames().forEachRemaining(field -> {
            if (!known.contains(field)) {
                errors.add(new FieldError(Shown.name(field), "unknown field; known: " + String.join(", ", known)));
            }
        });
        for (String field : List.of(NAME, REFERENCE)) {
            if (!body.path(field).isTextual() || body.path(field).textValue().isEmpty()) {
                errors.add(new FieldError(field, "is required: a text"));
            }
        }
        JsonNode take = body.path(TAKE);
        if (!take.isInt() || take.intValue() < 1 || take.intValue() > NewTake.MOST) {
            errors.add(new FieldError(TAKE, "is required: an integer from 1 to " + NewTake.MOST));
        }
        if (!errors.isEmpty()) {
            throw ProblemException.listing(ProblemKind.INVALID_REQUEST, errors);
        }
        return new TakeName(body.path(NAME).textValue(), body.path(REFERENCE).textValue(), take.intValue());
    }

    private List<TakeView> views(List<Take> page) {
        Map<UUID, StoredJob> ofTakes = page.isEmpty()
                ? Map.of()
                : jobs.of(page.stream().map(Take::job).distinct().toList()).stream()
                        .collect(toMap(StoredJob::id, Function.identity()));
        return page.stream()
                .map(take -> TakeView.of(take, ofTakes.get(take.job())))
                .toList();
    }
}
