package io.wavequeue.worker.history;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.worker.provider.HistoryItem;
import io.wavequeue.worker.provider.WaveSpeed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** Asks predictions themselves for the inputs that the history does not tell, a few at a time. Used by one thread. */
final class Looks {
    private static final int AT_ONCE = 8;

    private final WaveSpeed provider;
    private int left;

    /** @param most that are asked in all; of the rest the input stays untold */
    Looks(WaveSpeed provider, int most) {
        this.provider = provider;
        this.left = most;
    }

    /** The same predictions, with what they tell. */
    List<HistoryItem> told(List<HistoryItem> items) throws IOException, InterruptedException {
        List<HistoryItem> told = new ArrayList<>();
        for (int from = 0; from < items.size(); from += AT_ONCE) {
            List<Future<HistoryItem>> asked = items.subList(from, Math.min(from + AT_ONCE, items.size())).stream()
                    .map(this::ask)
                    .toList();
            for (Future<HistoryItem> one : asked) {
                told.add(answer(one));
            }
        }
        return told;
    }

    private Future<HistoryItem> ask(HistoryItem item) {
        if (item.input() != null || left <= 0) {
            FutureTask<HistoryItem> asIs = new FutureTask<>(() -> item);
            asIs.run();
            return asIs;
        }
        left--;
        FutureTask<HistoryItem> look = new FutureTask<>(() -> {
            @Nullable
            JsonNode input = provider.told(item.id()).map(HistoryItem::input).orElse(null);
            return new HistoryItem(item.id(), item.model(), item.createdAt(), input);
        });
        Thread.ofVirtual().name("history-look").start(look);
        return look;
    }

    private static HistoryItem answer(Future<HistoryItem> look) throws IOException, InterruptedException {
        try {
            return look.get();
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof IOException trouble ? trouble : new IOException(failure.getCause());
        }
    }
}
