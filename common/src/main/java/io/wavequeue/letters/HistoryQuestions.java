package io.wavequeue.letters;

import io.wavequeue.dispatch.Signal;
import io.wavequeue.store.HistoryStore;
import io.wavequeue.store.HistoryStore.Progress;
import io.wavequeue.store.QuoteStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Has a worker read the provider's history of some models, and waits for it. */
@ApplicationScoped
public class HistoryQuestions {
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    private static final Duration AGAIN = Duration.ofSeconds(10);

    private final HistoryStore store;
    private final QuoteStore workers;
    private final HistoryConfig config;

    /** For the container; tests make their own. */
    public HistoryQuestions(HistoryStore store, QuoteStore workers, HistoryConfig config) {
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
        Signal pause = new Signal();
        for (Duration left = config.patience(); ; left = left.minus(LOOK_EVERY)) {
            List<Progress> unread = store.read(sinceByModel.keySet()).stream()
                    .filter(progress -> !progress.isRead())
                    .toList();
            if (unread.isEmpty()) {
                return;
            }
            boolean isAnyWorkerThere = workers.isAnyWorkerThere();
            if (!left.isPositive() || !isAnyWorkerThere) {
                throw new HistoryUnreadException(text(unread, isAnyWorkerThere), AGAIN);
            }
            pause.await(LOOK_EVERY);
        }
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
