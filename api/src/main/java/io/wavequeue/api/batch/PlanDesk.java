package io.wavequeue.api.batch;

import io.wavequeue.api.http.JobId;
import io.wavequeue.api.http.ProblemException;
import io.wavequeue.api.http.ProblemKind;
import io.wavequeue.catalogue.Catalogue;
import io.wavequeue.job.ExpectedDuration;
import io.wavequeue.job.ExpectedDuration.NewJobs;
import io.wavequeue.job.Lane;
import io.wavequeue.job.NewBatch;
import io.wavequeue.library.Seed;
import io.wavequeue.quote.ModelQuote;
import io.wavequeue.quote.PriceQuestions;
import io.wavequeue.quote.Quotes;
import io.wavequeue.store.AccountStore;
import io.wavequeue.store.BatchStore;
import io.wavequeue.store.Comparison;
import io.wavequeue.store.Idempotency;
import io.wavequeue.store.Idempotency.Result;
import io.wavequeue.store.JobSpool;
import io.wavequeue.store.LibraryStore;
import io.wavequeue.store.LibraryStore.CueFile;
import io.wavequeue.store.LibraryStore.Origin;
import io.wavequeue.store.LibraryStore.Outcome;
import io.wavequeue.store.LoadStore;
import io.wavequeue.store.TakeFault;
import io.wavequeue.wiring.KillPoint;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Makes plans of files of cues, and batches of plans. */
@ApplicationScoped
class PlanDesk {
    private static final Logger LOG = Logger.getLogger(PlanDesk.class);

    /** For the provider's answers; what comes later is kept for the next plan. */
    /** A line asks for no more. */
    private static final int MOST_TAKES = 100;

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Catalogue catalogue;
    private final LibraryStore libraries;
    private final BatchStore batches;
    private final AccountStore accounts;
    private final LoadStore load;
    private final Quotes quotes;
    private final BatchAnswers answers;

    PlanDesk(
            Catalogue catalogue,
            LibraryStore libraries,
            BatchStore batches,
            AccountStore accounts,
            LoadStore load,
            Quotes quotes,
            BatchAnswers answers) {
        this.catalogue = catalogue;
        this.libraries = libraries;
        this.batches = batches;
        this.accounts = accounts;
        this.load = load;
        this.quotes = quotes;
        this.answers = answers;
    }

    /**
     * A file whose lines are fine, each by itself.
     *
     * @param sha256 by which it is known again
     * @param lines how many requests it has
     */
    record CheckedFile(Manifest manifest, String sha256, int lines, JobSpool spool) {}

    /** Where the prices of a file are gathered that the provider is to be asked for. */
    PriceQuestions questions() {
        return quotes.gather();
    }

    /**
     * Compares the file with its library; a {@link ProblemException} when its lines clash.
     *
     * @param questions of the whole file; null = the provider is not asked
     */
    Result plan(UUID id, BatchRequest asked, CheckedFile file, @Nullable PriceQuestions questions)
            throws InterruptedException {
        List<ModelQuote> quoted = questions == null ? List.of() : quotes.ask(questions.gathered(), PATIENCE);
        ExpectedDuration expected = new ExpectedDuration(load.read((long) file.lines() * MOST_TAKES));
        @Nullable BigDecimal balance = accounts.use().balanceUsd();
        Outcome outcome = libraries.plan(id, cues(asked, file), (comparison, createdAt) -> {
            PlanOutlook outlook = new PlanOutlook(seconds(expected, asked.lane(), comparison), balance, quoted);
            return answers.json(PlanView.of(id, asked, file.lines(), comparison, outlook, createdAt));
        });
        return result(outcome, asked, file);
    }

    private static @Nullable Long seconds(ExpectedDuration expected, Lane lane, Comparison comparison) {
        OptionalLong seconds = expected.seconds(comparison.models().stream()
                .map(sum -> new NewJobs(sum.model(), lane, sum.jobs()))
                .toList());
        return seconds.isPresent() ? Long.valueOf(seconds.getAsLong()) : null;
    }

    /** Makes the batch that the plan names; a {@link ProblemException} when it would not be that any more. */
    Result apply(UUID id, BatchRequest asked, CheckedFile file, Idempotency.@Nullable Key key) {
        UUID plan = Objects.requireNonNull(asked.plan());
        KillPoint.reach("intake.before");
        Outcome outcome = libraries.apply(plan, cues(asked, file), new PlannedBatch(id, asked, key, answers));
        KillPoint.reach("intake.after");
        Result result = result(outcome, asked, file);
        if (result instanceof Result.Made) {
            LOG.infof("plan %s became batch %s", plan, id);
        }
        return result;
    }

    private CueFile cues(BatchRequest asked, CheckedFile file) {
        Origin origin = new Origin(file.sha256(), asked.parametersSha256(), catalogue.fingerprint());
        return new CueFile(asked.name(), file.lines(), file.spool(), asked.wish(), origin);
    }

    private Result result(Outcome outcome, BatchRequest asked, CheckedFile file) {
        return switch (outcome) {
            case Outcome.Done(Result result) -> result;
            case Outcome.Applied(UUID batch) ->
                new Result.Repeated(answers.of(batches.find(batch).orElseThrow(() -> JobId.unknown(batch, "batch"))));
            case Outcome.Faulty(List<TakeFault> faults) -> throw problem(file.manifest(), faults);
            case Outcome.UnknownPlan unknown ->
                throw new ProblemException(
                        ProblemKind.NOT_FOUND,
                        "there is no plan %s of the library \"%s\"".formatted(asked.plan(), asked.name()));
            case Outcome.Outdated(List<String> what) ->
                throw new ProblemException(
                        ProblemKind.PLAN_OUTDATED,
                        "since the plan was made, %s changed; nothing was enqueued. Make a new plan"
                                .formatted(String.join(" and ", what)));
            case Outcome.UnknownPrice(int jobs) -> throw BatchDesk.unknownPrice(jobs);
        };
    }

    static ProblemException problem(Manifest manifest, List<TakeFault> faults) {
        LineErrors errors = new LineErrors();
        faults.stream()
                .sorted(Comparator.comparingInt(TakeFault::item))
                .forEach(fault ->
                        errors.add(fault.line(), manifest.named(fault.item(), fault.field()), fault.message()));
        return errors.problem();
    }

    /** The batch of what a plan names. */
    private record PlannedBatch(UUID id, BatchRequest asked, Idempotency.@Nullable Key key, BatchAnswers answers)
            implements LibraryStore.Making {
        @Override
        public boolean acceptsUnknownPrice() {
            return asked.acceptsUnknownPrice();
        }

        @Override
        public NewBatch batch(Comparison comparison) {
            return new NewBatch(
                    id,
                    asked.name(),
                    asked.lane(),
                    comparison.jobs(),
                    comparison.estimatedUsd(),
                    comparison.unknownPrice(),
                    asked.budgetUsd());
        }

        @Override
        public Idempotency.Answer answer(NewBatch batch, Instant createdAt) {
            return answers.of(batch, createdAt);
        }

        @Override
        public String reseeded(String input, String contentKey, int retakes) {
            return Seed.into(input, Seed.of(contentKey, retakes));
        }
    }
}
