package io.wavequeue.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.wavequeue.catalogue.AudioSource;
import io.wavequeue.job.BulkDecision;
import io.wavequeue.job.BulkKind;
import io.wavequeue.job.SkipReason;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done to many jobs.
 *
 * @param decision of a resolution; null = of another kind
 * @param request what was asked for, as JSON: {@code filter}, {@code input_overrides}, {@code force} and what else the call knows
 * @param ratePerMinute how many jobs may be changed in a minute; null = no limit
 * @param requestedBy who asked for it, as told by the caller
 */
public record BulkOrder(
        UUID id,
        BulkKind kind,
        @Nullable BulkDecision decision,
        JsonNode request,
        @Nullable Integer ratePerMinute,
        @Nullable String requestedBy,
        @Nullable String note) {
    public static final String OVERRIDES = "input_overrides";
    public static final String FORCE = "force";
    public static final String MISSING = "missing";
    public static final String SOURCE = "source";
    public static final String DEAD_LETTERS = "dead_letters";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
            .build();

    public BulkOrder {
        if ((kind == BulkKind.RESOLUTION) != (decision != null)) {
            throw new IllegalArgumentException("a " + kind.code() + " has the decision " + decision);
        }
    }

    /** What every job's input is to be patched with; null = nothing. */
    public @Nullable JsonNode overrides() {
        JsonNode overrides = request.path(OVERRIDES);
        return overrides.isObject() ? overrides : null;
    }

    /** The clips of ours that these name, by SHA-256. */
    Set<String> clips() {
        return request.path(OVERRIDES)
                .valueStream()
                .flatMap(value -> AudioSource.mediaSha256(value.asText()).stream())
                .collect(Collectors.toSet());
    }

    /** What is to be done in spite of these. */
    public Set<SkipReason> forced() {
        Set<SkipReason> forced = EnumSet.noneOf(SkipReason.class);
        request.path(FORCE).forEach(code -> forced.add(SkipReason.of(code.asText())));
        return forced;
    }

    /** Whether it brings a batch to completeness. */
    public boolean isMissing() {
        return request.path(MISSING).asBoolean();
    }

    /** Its jobs are those of the dead-letter topic. */
    boolean isFromTopic() {
        return request.path(SOURCE).asText().equals(DEAD_LETTERS);
    }

    static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("what was asked for is no JSON", impossible);
        }
    }
}
