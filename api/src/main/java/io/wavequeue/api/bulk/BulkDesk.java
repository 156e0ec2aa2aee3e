package io.wavequeue.api.bulk;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.wavequeue.admission.CanonicalJson;
import io.wavequeue.api.http.JobId;
import io.wavequeue.api.http.KeyedAnswer;
import io.wavequeue.api.http.ProblemException;
import io.wavequeue.api.http.ProblemKind;
import io.wavequeue.bulk.BulkRunner;
import io.wavequeue.catalogue.FieldError;
import io.wavequeue.job.BulkKind;
import io.wavequeue.job.BulkStatus;
import io.wavequeue.store.BulkChoice;
import io.wavequeue.store.BulkOrder;
import io.wavequeue.store.BulkSteps.NotNowException;
import io.wavequeue.store.BulkStore;
import io.wavequeue.store.BulkStore.SkippedException;
import io.wavequeue.store.BulkView;
import io.wavequeue.store.BulkView.Item;
import io.wavequeue.store.BulkView.Place;
import io.wavequeue.store.BulkView.Progress;
import io.wavequeue.store.Idempotency.Answer;
import io.wavequeue.store.Idempotency.Key;
import io.wavequeue.store.Idempotency.Result;
import io.wavequeue.store.OverridesRefusedException;
import io.wavequeue.store.OverridesRefusedException.Fault;
import io.wavequeue.store.UnknownNamesException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Makes, shows and changes bulk operations of any kind. */
@ApplicationScoped
class BulkDesk {
    private static final Logger LOG = Logger.getLogger(BulkDesk.class);
    private static final int OK = 200;
    private static final int ACCEPTED = 202;
    private static final Duration A_MOMENT = Duration.ofSeconds(1);
    private static final String OVERRIDES = "input_overrides";

    private final BulkStore store;
    private final BulkView views;
    private final BulkRunner runner;
    private final ObjectMapper json;

    BulkDesk(BulkStore store, BulkView views, BulkRunner runner, ObjectMapper json) {
        this.store = store;
        this.views = views;
        this.runner = runner;
        this.json = json;
    }

    /** How an operation is shown; its id is null in a dry run. */
    @FunctionalInterface
    interface Shown extends BiFunction<@Nullable UUID, Progress, Object> {}

    /** What it would be about and do: 200, and nothing is kept. */
    Response dryRun(BulkOrder order, BulkChoice choice, Shown shown) {
        return Response.ok(shown.apply(null, refusing(() -> store.plan(order, choice))))
                .build();
    }

    /** Chooses the jobs: 202, or the first answer of the key. */
    Response create(BulkOrder order, BulkChoice choice, JsonNode body, Optional<String> key, Shown shown) {
        Key keyed = key.map(text -> key(order.kind(), text, body)).orElse(null);
        Result result = refusing(() -> store.create(
                order,
                choice,
                keyed,
                progress -> new Answer(ACCEPTED, path(order), write(shown.apply(order.id(), progress)))));
        if (result instanceof Result.Made) {
            LOG.infof(
                    "%s %s is made%s",
                    order.kind().code(), order.id(), order.requestedBy() == null ? "" : " for " + order.requestedBy());
            runner.wake();
        }
        return KeyedAnswer.of(result);
    }

    /** The first answer of the key, when it was used before. */
    Optional<Response> earlier(BulkKind kind, JsonNode body, String key) {
        return store.earlier(key(kind, key, body)).map(KeyedAnswer::of);
    }

    private static Key key(BulkKind kind, String text, JsonNode body) {
        return new Key("POST /v1/" + kind.path(), text, CanonicalJson.sha256(body));
    }

    /**
     * Does it to one job at once: 200 without a body, and Location names the operation. A {@code ProblemException} when it
     * cannot be done.
     *
     * @param call what the keys are told apart by, beside what the order asks for
     */
    Response one(BulkOrder order, BulkChoice choice, String call, Optional<String> key) {
        Key keyed = key.map(text -> new Key(call, text, CanonicalJson.sha256(order.request())))
                .orElse(null);
        try {
            return KeyedAnswer.of(refusing(() -> store.one(order, choice, keyed, new Answer(OK, path(order), ""))));
        } catch (NotNowException busy) {
            throw new ProblemException(
                            ProblemKind.LIBRARY_BUSY,
                            "it may be about to get another job for this one's take; ask again")
                    .retryAfter(A_MOMENT);
        } catch (SkippedException skipped) {
            throw ProblemException.skipped(ProblemKind.NOT_REPLAYED, skipped.reason(), skipped.evidence());
        }
    }

    private static String path(BulkOrder order) {
        return "/v1/" + order.kind().path() + "/" + order.id();
    }

    Progress find(BulkKind kind, UUID id) {
        return views.find(kind, id).orElseThrow(() -> JobId.unknown(id, kind.code()));
    }

    private BulkStatus status(BulkKind kind, UUID id) {
        return views.status(kind, id).orElseThrow(() -> JobId.unknown(id, kind.code()));
    }

    List<Progress> newest(BulkKind kind, @Nullable Place after, int most) {
        return views.newest(kind, after, most);
    }

    List<Item> jobs(BulkKind kind, UUID id, @Nullable String fate, @Nullable UUID after, int most) {
        status(kind, id);
        return views.jobs(id, fate, after, most);
    }

    /** Pauses it, lets it go on or ends it. */
    Progress change(BulkKind kind, UUID id, BulkStatus next) {
        switch (store.change(kind, id, next)) {
            case CHANGED -> {
                LOG.infof("%s %s is %s", kind.code(), id, next.code());
                runner.wake();
            }
            case ENDED ->
                throw new ProblemException(
                        kind == BulkKind.RESOLUTION ? ProblemKind.RESOLUTION_ENDED : ProblemKind.OPERATION_ENDED,
                        "the %s is %s".formatted(kind.code(), status(kind, id).code()));
            case UNKNOWN -> throw JobId.unknown(id, kind.code());
        }
        return find(kind, id);
    }

    /** Overrides that do not fit, each named once, and names of what is not there are the caller's fault. */
    private static <T> T refusing(Supplier<T> work) {
        try {
            return work.get();
        } catch (UnknownNamesException unknown) {
            throw ProblemException.listing(
                    ProblemKind.INVALID_REQUEST,
                    unknown.errors().stream()
                            .map(error -> new FieldError(BodyFields.FILTER + "." + error.field(), error.message()))
                            .toList());
        } catch (OverridesRefusedException refused) {
            throw ProblemException.listing(
                    ProblemKind.INVALID_REQUEST,
                    refused.faults().stream().map(BulkDesk::error).toList());
        }
    }

    private static FieldError error(Fault fault) {
        String field = fault.error().field();
        String message = "%s (%s of %s, such as %s)"
                .formatted(
                        fault.error().message(),
                        fault.jobs() == 1 ? "1 job" : "%,d jobs".formatted(fault.jobs()),
                        fault.model(),
                        fault.exampleId());
        return new FieldError(
                field.startsWith("input") ? OVERRIDES + field.substring("input".length()) : field, message);
    }

    private String write(Object view) {
        try {
            return json.writeValueAsString(view);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
