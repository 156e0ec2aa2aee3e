package io.wavequeue.quote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.admission.CanonicalJson;
import io.wavequeue.admission.JsonRead;
import io.wavequeue.admission.StrictJson;
import io.wavequeue.catalogue.Catalogue;
import io.wavequeue.catalogue.Model;
import io.wavequeue.catalogue.PriceRule;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what a plan has to ask, job by job, in memory that does not grow with the jobs: one question per price, and for a
 * model with very many prices one more that stands for the rest. Not for several threads.
 */
public final class PriceQuestions {
    /** The question that stands for the rest: no SHA-256 is that. */
    private static final String THE_REST = "0".repeat(64);

    private final Catalogue catalogue;
    private final int mostPerModel;
    private final Map<String, Map<String, Gathered>> byModel = new LinkedHashMap<>();

    /** @param mostPerModel questions that are asked for a model */
    public PriceQuestions(Catalogue catalogue, int mostPerModel) {
        if (mostPerModel < 1) {
            throw new IllegalArgumentException(
                    "wavequeue.quotes.most-per-model is %d; it must be at least 1".formatted(mostPerModel));
        }
        this.catalogue = catalogue;
        this.mostPerModel = mostPerModel;
    }

    /**
     * Adds a job that was admitted.
     *
     * @param input its input, JSON text
     * @param estimatedUsd as the catalogue prices it; null = unknown
     */
    public void add(String modelId, String input, @Nullable BigDecimal estimatedUsd) {
        Model model = catalogue
                .find(modelId)
                .orElseThrow(() -> new IllegalArgumentException("the model " + modelId + " is not of this catalogue"));
        Map<String, Gathered> known = byModel.computeIfAbsent(modelId, ignored -> new LinkedHashMap<>());
        if (model.price() instanceof PriceRule.PerRun && !known.isEmpty()) {
            known.values().iterator().next().add(estimatedUsd);
            return;
        }
        ObjectNode asked = object(input);
        ObjectNode dependsOn = catalogue.priceDependsOn(model, asked);
        String question = CanonicalJson.sha256(dependsOn);
        if (!known.containsKey(question) && known.size() >= mostPerModel) {
            known.computeIfAbsent(THE_REST, ignored -> new Gathered(null)).add(estimatedUsd);
            return;
        }
        known.computeIfAbsent(question, ignored -> new Gathered(toBeSent(model, asked)))
                .add(estimatedUsd);
    }

    /** What was gathered, models in the order in which they came. */
    public List<PriceQuestion> gathered() {
        List<PriceQuestion> questions = new ArrayList<>();
        byModel.forEach((model, known) -> known.forEach((question, jobs) ->
                questions.add(new PriceQuestion(model, question, jobs.input, jobs.count, jobs.catalogueUsd))));
        return questions;
    }

    /** A clip on which the price does not depend need not be given to the provider for a question. */
    private static String toBeSent(Model model, ObjectNode asked) {
        ObjectNode sent = asked.deepCopy();
        @Nullable String source = model.price().sourceField();
        model.mediaFields().stream().filter(field -> !field.equals(source)).forEach(sent::remove);
        return StrictJson.write(sent);
    }

    private static ObjectNode object(String input) {
        if (StrictJson.read(input.getBytes(StandardCharsets.UTF_8)) instanceof JsonRead.Value(ObjectNode object)) {
            return object;
        }
        throw new IllegalArgumentException("the input of a job that was admitted is no JSON object");
    }

    private static final class Gathered {
        private final @Nullable String input;
        private long count;
        private @Nullable BigDecimal catalogueUsd = BigDecimal.ZERO;

        Gathered(@Nullable String input) {
            this.input = input;
        }

        void add(@Nullable BigDecimal estimatedUsd) {
            count++;
            catalogueUsd = catalogueUsd == null || estimatedUsd == null ? null : catalogueUsd.add(estimatedUsd);
        }
    }
}
