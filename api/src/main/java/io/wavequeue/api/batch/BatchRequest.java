package io.wavequeue.api.batch;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.admission.CanonicalJson;
import io.wavequeue.api.http.QueryReader;
import io.wavequeue.catalogue.TextCheck;
import io.wavequeue.job.Lane;
import jakarta.ws.rs.core.UriInfo;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code POST /v1/batches} is told beside the file, in its query parameters.
 *
 * @param name the library that it is for; null = none
 * @param lane of the lines that name none
 * @param budgetUsd what all of it may cost, above 0; null = no limit
 */
record BatchRequest(
        @Nullable String name, Lane lane, @Nullable BigDecimal budgetUsd) {
    static final String NAME = "name";
    static final String LANE = "lane";

    /** To be taken later. Until then it is refused, since whoever gives it relies on it. */
    private static final String LATER = "dry_run";

    private static final int LONGEST_NAME = 200;

    static BatchRequest of(UriInfo uri) {
        QueryReader query = QueryReader.of(uri, NAME, LANE, BatchBudgetReader.NAME, LATER);
        query.one(LATER).ifPresent(given -> query.refuse(LATER, "is not supported yet; nothing was enqueued"));
        Optional<String> name = query.one(NAME);
        name.flatMap(text -> TextCheck.lineProblem(text, LONGEST_NAME))
                .ifPresent(problem -> query.refuse(NAME, problem));
        Lane lane = query.one(LANE).map(code -> lane(query, code)).orElse(Lane.BULK);
        @Nullable BigDecimal budgetUsd = BatchBudgetReader.of(query);
        query.finish();
        return new BatchRequest(name.orElse(null), lane, budgetUsd);
    }

    /**
     * By which an Idempotency-Key knows the whole call again.
     *
     * @param file its {@link Manifest#sha256}
     */
    String sha256(ManifestForm form, String file) {
        ObjectNode call = JsonNodeFactory.instance
                .objectNode()
                .put(NAME, name)
                .put(LANE, lane.code())
                .put("form", form.name())
                .put("file", file);
        if (budgetUsd != null) {
            call.put(BatchBudgetReader.NAME, budgetUsd);
        }
        return CanonicalJson.sha256(call);
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
