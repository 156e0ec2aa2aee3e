package io.wavequeue.api.batch;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.wavequeue.admission.CanonicalJson;
import io.wavequeue.api.http.QueryReader;
import io.wavequeue.catalogue.TextCheck;
import io.wavequeue.job.Lane;
import jakarta.ws.rs.core.UriInfo;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code POST /v1/batches} is told beside the file, in its query parameters.
 *
 * @param name the library that it is for; null = none
 * @param lane of the lines that name none
 */
record BatchRequest(@Nullable String name, Lane lane) {
    static final String NAME = "name";
    static final String LANE = "lane";

    /** To be taken later. Until then they are refused, since whoever gives them relies on them. */
    private static final List<String> LATER = List.of("dry_run", "budget_usd");

    private static final int LONGEST_NAME = 200;

    static BatchRequest of(UriInfo uri) {
        QueryReader query = QueryReader.of(uri, NAME, LANE, LATER.getFirst(), LATER.getLast());
        for (String later : LATER) {
            query.one(later).ifPresent(given -> query.refuse(later, "is not supported yet; nothing was enqueued"));
        }
        Optional<String> name = query.one(NAME);
        name.flatMap(text -> TextCheck.lineProblem(text, LONGEST_NAME))
                .ifPresent(problem -> query.refuse(NAME, problem));
        Lane lane = query.one(LANE).map(code -> lane(query, code)).orElse(Lane.BULK);
        query.finish();
        return new BatchRequest(name.orElse(null), lane);
    }

    /**
     * By which an Idempotency-Key knows the whole call again.
     *
     * @param file its {@link Manifest#sha256}
     */
    String sha256(ManifestForm form, String file) {
        return CanonicalJson.sha256(JsonNodeFactory.instance
                .objectNode()
                .put(NAME, name)
                .put(LANE, lane.code())
                .put("form", form.name())
                .put("file", file));
    }

    private static Lane lane(QueryReader query, String code) {
        Optional<Lane> known = Arrays.stream(Lane.values())
                .filter(lane -> lane.code().equals(code))
                .findFirst();
        if (known.isEmpty()) {
            query.refuse(LANE, "is not known; use interactive or bulk");
        }
        return known.orElse(Lane.BULK);
    }
}
