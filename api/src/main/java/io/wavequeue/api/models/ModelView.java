package io.wavequeue.api.models;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.api.status.Usd;
import io.wavequeue.catalogue.Model;
import io.wavequeue.catalogue.PriceRule;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A model of the catalogue. */
@Schema(name = "Model")
record ModelView(
        @Schema(examples = "stability-ai/stable-audio-3/music")
        String id,

        String title,
        String kind,
        String description,
        @Schema(description = "Where these facts come from") String source,

        @Schema(implementation = Object.class, description = "JSON Schema (2020-12) of the input")
        JsonNode schema,

        PriceView price,
        LimitsView limits,

        @Schema(description = "Input fields that take an http(s) URL or a media reference from POST /v1/media")
        List<String> mediaFields,

        OutputView output) {

    /** Exactly one of the two prices is there. */
    @Schema(name = "ModelPrice")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PriceView(
            @Nullable BigDecimal perRunUsd,
            @Nullable BigDecimal perSecondUsd,
            @Nullable List<String> secondsOf,
            @Nullable String basis,
            @Nullable String rounding,
            String currency) {}

    /** Bounds beside those of the schema. */
    @Schema(name = "ModelLimits")
    record LimitsView(
            long predictionDeadlineSeconds,
            @Schema(nullable = true) @Nullable BigDecimal maxSourceSeconds) {}

    /** Which audio format comes out. */
    @Schema(name = "ModelOutput")
    record OutputView(@Schema(nullable = true) @Nullable String formatField, String defaultFormat) {}

    static ModelView of(Model model) {
        return new ModelView(
                model.id(),
                model.title(),
                model.kind(),
                model.description(),
                model.source(),
                model.inputSchema(),
                price(model.price()),
                new LimitsView(model.predictionDeadline().toSeconds(), maxSourceSeconds(model.price())),
                model.mediaFields(),
                new OutputView(model.output().formatField(), model.output().defaultFormat()));
    }

    private static PriceView price(PriceRule rule) {
        return switch (rule) {
            case PriceRule.PerRun(BigDecimal usd) -> new PriceView(Usd.shown(usd), null, null, null, null, "USD");
            case PriceRule.PerSecond price ->
                new PriceView(
                        null,
                        Usd.shown(price.usd()),
                        price.secondsOf(),
                        price.basis().word(),
                        price.rounding().name().toLowerCase(Locale.ROOT),
                        "USD");
        };
    }

    private static @Nullable BigDecimal maxSourceSeconds(PriceRule rule) {
        return switch (rule) {
            case PriceRule.PerRun perRun -> null;
            case PriceRule.PerSecond perSecond ->
                perSecond.source() == null ? null : perSecond.source().maxSeconds();
        };
    }
}
