package io.wavequeue.api.bulk;

import io.wavequeue.api.status.Usd;
import io.wavequeue.job.SkipReason;
import io.wavequeue.store.BulkView.Count;
import io.wavequeue.store.BulkView.Fate;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * An operation's jobs, added up.
 *
 * @param estimatedUsd without unknown prices; null = all are unknown
 * @param unknownPrice jobs whose price is not known
 */
record Tally(
        int matched,
        int done,
        int waiting,
        Map<String, Integer> skipped,
        @Nullable BigDecimal estimatedUsd,
        int unknownPrice,
        Map<String, Integer> byErrorClass,
        List<ByModel> byModel) {

    /** Jobs of a model that are, or are to be, changed. */
    @Schema(name = "BulkOfModel")
    public record ByModel(
            String model,
            int jobs,

            @Schema(nullable = true, description = "In USD, without unknown prices; null = all are unknown") @Nullable
            BigDecimal estimatedUsd,

            @Schema(description = "Jobs whose price is not known")
            int unknownPrice) {}

    /** What is added up of one model. */
    private static final class Sum {
        private int jobs;
        private int unknown;
        private BigDecimal usd = BigDecimal.ZERO;

        void add(Count count) {
            jobs += count.jobs();
            unknown += count.unknown();
            BigDecimal more = count.usd();
            if (more != null) {
                usd = usd.add(more);
            }
        }

        @Nullable
        BigDecimal shown() {
            return jobs > 0 && unknown == jobs ? null : Usd.shown(usd);
        }
    }

    static Tally of(List<Count> counts) {
        Map<String, Integer> skipped = new TreeMap<>();
        Map<String, Integer> byErrorClass = new TreeMap<>();
        Map<String, Sum> models = new TreeMap<>();
        Sum all = new Sum();
        int matched = 0;
        int done = 0;
        int waiting = 0;
        for (Count count : counts) {
            matched += count.jobs();
            byErrorClass.merge(count.errorClass(), count.jobs(), Integer::sum);
            switch (count.fate()) {
                case Fate.Waiting ignored -> waiting += count.jobs();
                case Fate.Done ignored -> done += count.jobs();
                case Fate.Skipped(SkipReason reason) -> skipped.merge(reason.code(), count.jobs(), Integer::sum);
            }
            if (count.planned()) {
                all.add(count);
                models.computeIfAbsent(count.model() == null ? "" : count.model(), model -> new Sum())
                        .add(count);
            }
        }
        List<ByModel> byModel = models.entrySet().stream()
                .map(model -> new ByModel(
                        model.getKey(), model.getValue().jobs, model.getValue().shown(), model.getValue().unknown))
                .toList();
        return new Tally(matched, done, waiting, skipped, all.shown(), all.unknown, byErrorClass, byModel);
    }
}
