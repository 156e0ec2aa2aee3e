package io.wavequeue.api.batch;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.admission.CanonicalJson;
import io.wavequeue.admission.Shown;
import io.wavequeue.api.http.JobId;
import io.wavequeue.api.http.QueryReader;
import io.wavequeue.catalogue.TextCheck;
import io.wavequeue.job.Lane;
import io.wavequeue.store.LibraryWish;
import jakarta.ws.rs.core.UriInfo;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code POST /v1/batches} is told beside the file, in its query parameters.
 *
 * @param name the library that it is for; null = none
 * @param lane of the lines that name none
 * @param budgetUsd what all of it may cost, above 0; null = no limit
 * @param isDryRun whether a plan is wanted, and no batch
 * @param plan that is to be applied; null = none
 * @param wish what may be done with the library
 * @param acceptsUnknownPrice whether jobs may be made whose price nobody knows
 * @param isQuoted whether the provider is asked what it wants, beside the catalogue; of a plan
 */
record BatchRequest(
        @Nullable String name,
        Lane lane,
        @Nullable BigDecimal budgetUsd,
        boolean isDryRun,
        @Nullable UUID plan,
        LibraryWish wish,
        boolean acceptsUnknownPrice,
        boolean isQuoted) {
    static final String NAME = "name";
    static final String LANE = "lane";
    static final String DRY_RUN = "dry_run";
    static final String PLAN = "plan";
    static final String REUSE = "reuse";
    static final String RETAKE = "retake";
    static final String MAX_RETAKES = "max_retakes";
    static final String UNKNOWN_PRICE = "unknown_price";
    static final String PRICES = "prices";

    /** Verdicts of archived audio, and their reasons ({@code deploy/docs/outputs.md}). */
    static final List<String> RETAKE_CODES = List.of(
            "broken", "suspect", "undecodable", "truncated", "format", "duration", "silent", "clipped", "damaged");

    private static final int LONGEST_NAME = 200;
    private static final Pattern RETAKES = Pattern.compile("[1-9]|10");

    static BatchRequest of(UriInfo uri) {
        QueryReader query = QueryReader.of(
                uri,
                NAME,
                LANE,
                BatchBudgetReader.NAME,
                DRY_RUN,
                PLAN,
                REUSE,
                RETAKE,
                MAX_RETAKES,
                UNKNOWN_PRICE,
                PRICES);
        Optional<String> name = query.one(NAME);
        name.flatMap(text -> TextCheck.lineProblem(text, LONGEST_NAME))
                .ifPresent(problem -> query.refuse(NAME, problem));
        Lane lane = query.one(LANE).map(code -> lane(query, code)).orElse(Lane.BULK);
        @Nullable BigDecimal budgetUsd = BatchBudgetReader.of(query);
        boolean isDryRun = flag(query, DRY_RUN, false);
        Optional<UUID> plan = plan(query);
        LibraryWish wish = new LibraryWish(flag(query, REUSE, true), retake(query), mostRetakes(query));
        boolean accepts = choice(query, UNKNOWN_PRICE, "refuse", "accept");
        boolean isQuoted = choice(query, PRICES, "catalogue", "quote");
        if (plan.isPresent() && isDryRun) {
            query.refuse(PLAN, "is applied, or made by dry_run; not both at once");
        }
        if (plan.isPresent() && name.isEmpty()) {
            query.refuse(NAME, "is required: a plan is applied to its library");
        }
        query.finish();
        return new BatchRequest(
                name.orElse(null), lane, budgetUsd, isDryRun, plan.orElse(null), wish, accepts, isQuoted);
    }

    /** Whether the file is compared with its library: a cue is then known by its reference. */
    boolean isCompared() {
        return isDryRun || plan != null;
    }

    /**
     * By which an Idempotency-Key knows the whole call again.
     *
     * @param file its {@link Manifest#sha256}
     */
    String sha256(ManifestForm form, String file) {
        ObjectNode call = parameters().put("form", form.name()).put("file", file);
        if (budgetUsd != null) {
            call.put(BatchBudgetReader.NAME, budgetUsd);
        }
        if (plan != null) {
            call.put(PLAN, plan.toString());
        }
        return CanonicalJson.sha256(call);
    }

    /** By which a plan knows the call again. What it may cost may still be decided when it is applied. */
    String parametersSha256() {
        return CanonicalJson.sha256(parameters());
    }

    /** What is left out and what is spelled out as the default is the same; of an older version's calls too. */
    private ObjectNode parameters() {
        ObjectNode call = JsonNodeFactory.instance.objectNode().put(NAME, name).put(LANE, lane.code());
        if (!wish.equals(LibraryWish.USUAL)) {
            call.put(REUSE, wish.reuse())
                    .put(
                            RETAKE,
                            String.join(",", wish.retakeOf().stream().sorted().toList()))
                    .put(MAX_RETAKES, wish.mostRetakes());
        }
        return call;
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

    private static boolean flag(QueryReader query, String name, boolean usual) {
        Optional<String> given = query.one(name);
        if (given.isPresent() && !given.get().equals("true") && !given.get().equals("false")) {
            query.refuse(name, "is not known; use true or false");
        }
        return given.map(Boolean::parseBoolean).orElse(usual);
    }

    private static Optional<UUID> plan(QueryReader query) {
        Optional<String> given = query.one(PLAN);
        Optional<UUID> plan = given.flatMap(JobId::parse);
        if (given.isPresent() && plan.isEmpty()) {
            query.refuse(PLAN, "is not the id of a plan");
        }
        return plan;
    }

    private static Set<String> retake(QueryReader query) {
        Set<String> codes = new LinkedHashSet<>();
        for (String given : query.all(RETAKE)) {
            for (String code : given.split(",", -1)) {
                if (RETAKE_CODES.contains(code)) {
                    codes.add(code);
                } else {
                    query.refuse(
                            RETAKE,
                            "\"" + Shown.name(code) + "\" is not known; use " + String.join(", ", RETAKE_CODES));
                }
            }
        }
        return codes;
    }

    private static int mostRetakes(QueryReader query) {
        Optional<String> given = query.one(MAX_RETAKES);
        if (given.isPresent() && !RETAKES.matcher(given.get()).matches()) {
            query.refuse(MAX_RETAKES, "is not an integer from 1 to 10");
            return LibraryWish.USUAL.mostRetakes();
        }
        return given.map(Integer::parseInt).orElse(LibraryWish.USUAL.mostRetakes());
    }

    /** Whether the other value than the usual one was given. */
    private static boolean choice(QueryReader query, String name, String usual, String other) {
        Optional<String> given = query.one(name);
        if (given.isPresent() && !given.get().equals(usual) && !given.get().equals(other)) {
            query.refuse(name, "is not known; use %s or %s".formatted(other, usual));
        }
        return given.filter(other::equals).isPresent();
    }
}
