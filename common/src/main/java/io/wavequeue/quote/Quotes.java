package io.wavequeue.quote;

import io.quarkus.runtime.StartupEvent;
import io.wavequeue.catalogue.Catalogue;
import io.wavequeue.dispatch.WorkerAnswers;
import io.wavequeue.store.QuoteStore;
import io.wavequeue.store.QuoteStore.Answer;
import io.wavequeue.store.QuoteStore.Question;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Asks, by way of a worker, what the provider wants for the jobs of a plan.
 *
 * <p>Costs nothing and makes no task. What was answered is kept for everybody; an answer that comes too late serves the next
 * who asks.
 */
@ApplicationScoped
public class Quotes {
    /** A refusal may be mended at any time: a key, a model's name. */
    private static final Duration KEEP_REFUSAL = Duration.ofMinutes(1);

    private final QuoteStore store;
    private final WorkerAnswers workers;
    private final Catalogue catalogue;
    private final QuoteConfig config;

    Quotes(QuoteStore store, WorkerAnswers workers, Catalogue catalogue, QuoteConfig config) {
        this.store = store;
        this.workers = workers;
        this.catalogue = catalogue;
        this.config = config;
    }

    /** A wrong setting ends the start, and not the first plan. */
    void onStart(@Observes StartupEvent start) {
        if (config.mostPerModel() < 1 || config.perSecond() < 1) {
            throw new IllegalArgumentException(
                    "wavequeue.quotes.most-per-model is %d and per-second is %d; both must be at least 1"
                            .formatted(config.mostPerModel(), config.perSecond()));
        }
    }

    /** Where the jobs of one plan are gathered. */
    public PriceQuestions gather() {
        return new PriceQuestions(catalogue, config.mostPerModel());
    }

    /**
     * A quote per model, in the order of the questions.
     *
     * @param patience how long to wait for answers that are not kept yet; what is not known by then is a problem of its model
     */
    public List<ModelQuote> ask(List<PriceQuestion> questions, Duration patience) throws InterruptedException {
        Map<String, List<PriceQuestion>> byModel = questions.stream()
                .collect(Collectors.groupingBy(PriceQuestion::model, LinkedHashMap::new, Collectors.toList()));
        List<Question> asked = questions.stream()
                .filter(PriceQuestion::isAsked)
                .map(question ->
                        new Question(question.model(), question.question(), Objects.requireNonNull(question.input())))
                .toList();
        if (!asked.isEmpty()) {
            store.want(asked, config.keep(), KEEP_REFUSAL, patience);
        }
        List<Answer> answers = await(asked, patience);
        String whyNot = whyNot(answers, patience);
        Map<String, Map<String, Answer>> answersOf = new HashMap<>();
        answers.forEach(answer -> answersOf
                .computeIfAbsent(answer.model(), ignored -> new HashMap<>())
                .put(answer.question(), answer));
        return byModel.entrySet().stream()
                .map(model -> ModelQuote.of(model.getValue(), answersOf.getOrDefault(model.getKey(), Map.of()), whyNot))
                .toList();
    }

    private List<Answer> await(List<Question> asked, Duration patience) throws InterruptedException {
        if (asked.isEmpty()) {
            return List.of();
        }
        return workers.await(() -> store.read(asked), Quotes::isComplete, patience);
    }

    private static boolean isComplete(List<Answer> answers) {
        return answers.stream().allMatch(answer -> answer.quotedAt() != null);
    }

    private String whyNot(List<Answer> answers, Duration patience) {
        if (isComplete(answers)) {
            return "";
        }
        if (!workers.isAnyWorkerThere()) {
            return "no worker is running, which would ask the provider";
        }
        Optional<@Nullable String> trouble = answers.stream()
                .filter(answer -> answer.quotedAt() == null)
                .map(Answer::error)
                .filter(Objects::nonNull)
                .findFirst();
        return trouble.map(last -> "not answered within %s s, last because %s; ask again later"
                        .formatted(patience.toSeconds(), last))
                .orElse("not answered within %s s; ask again, what was answered is kept"
                        .formatted(patience.toSeconds()));
    }
}
