package io.wavequeue.letters;

import io.wavequeue.dispatch.WorkerAnswers;
import io.wavequeue.store.HistoryStore;
import io.wavequeue.store.HistoryStore.Progress;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Has a worker read the provider's history of some models, and waits for it. */
@ApplicationScoped
public class HistoryQuestions {
    private static final Duration AGAIN = Duration.ofSeconds(10);

    private final HistoryStore store;
    private final WorkerAnswers workers;
    private final HistoryConfig config;

    /** For the container; tests make their own. */
    public HistoryQuestions(HistoryStore store, WorkerAnswers workers, HistoryConfig config) {
        this.store = store;
        this.workers = workers;
        this.config = config;
    }

    /** Returns when all of it is read; a {@link HistoryUnreadException} says how far it is otherwise. */
    void ask(Map<String, Instant> sinceByModel) throws InterruptedException {
        if (sinceByModel.isEmpty()) {
            return;
        }
        store.want(sinceByModel, config.keep());
        List<Progress> unread = workers.await(() -> unread(sinceByModel.keySet()), List::isEmpty, config.patience());
        if (!unread.isEmpty()) {
            throw new HistoryUnreadException(text(unread, workers.isAnyWorkerThere()), AGAIN);
        }
    }

    private List<Progress> unread(Set<String> models) {
        return store.read(models).stream()
                .filter(progress -> !progress.isRead())
                .toList();
    }

    private static String text(List<Progress> unread, boolean isAnyWorkerThere) {
        String models = unread.stream().map(HistoryQuestions::text).collect(Collectors.joining("; "));
        String whatNow = isAnyWorkerThere
                ? "ask again, the reading goes on meanwhile"
                : "no worker is running, which would read it";
        return "whether jobs were made since their letters were written is told by the provider's history, which is not read yet: "
                + models + "; " + whatNow + "; \"force\": [\"history_unread\"] goes on without";
    }

    private static String text(Progress progress) {
        String far = "%s, %,d predictions so far".formatted(progress.model(), progress.found());
        return progress.error() == null ? far : far + ", last stopped because " + progress.error();
    }
}
