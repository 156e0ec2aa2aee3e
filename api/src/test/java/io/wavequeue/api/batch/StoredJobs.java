package io.wavequeue.api.batch;

import io.wavequeue.store.view.StoredJob;
import io.wavequeue.store.view.StoredJob.Attempt;
import io.wavequeue.store.view.StoredJob.Error;
import io.wavequeue.store.view.StoredJob.Output;
import io.wavequeue.store.view.StoredJob.State;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Jobs as the database tells them. */
final class StoredJobs {
    static final Instant AT = Instant.parse("2026-01-31T18:30:00Z");

    private static final BigDecimal PRICE = new BigDecimal("0.021700");

    private StoredJobs() {}

    /** Its outputs lie in these files; null = not archived yet. */
    static StoredJob succeeded(@Nullable String reference, @Nullable String... files) {
        List<Output> outputs = new ArrayList<>();
        for (String file : files) {
            outputs.add(output(outputs.size(), file));
        }
        return job(reference, state("succeeded", null), "{\"prompt\":\"soft, \\\"low\\\" rain\"}", outputs);
    }

    static StoredJob failed(@Nullable String reference, String message) {
        return job(reference, state("failed", new Error("moderated", message, false)), "{}", List.of());
    }

    static Output output(int number, @Nullable String file) {
        return file == null
                ? new Output(number, "https://p/x", null, null, null, null, null, null, null, null)
                : new Output(number, "https://p/x", file, "audio/wav", 44L, "abc", AT, null, null, null);
    }

    static StoredJob job(@Nullable String reference, State state, String input, List<Output> outputs) {
        return new StoredJob(
                UUID.randomUUID(),
                state,
                "m/a",
                "bulk",
                input,
                "{\"scene\": \"forest\"}",
                reference,
                null,
                3,
                PRICE,
                List.of(attempt(1, "failed", BigDecimal.ZERO.setScale(6)), attempt(2, "completed", PRICE)),
                outputs,
                List.of());
    }

    private static State state(String status, @Nullable Error error) {
        return new State(status, false, null, error, AT, AT.plusSeconds(9));
    }

    private static Attempt attempt(int number, String status, BigDecimal charged) {
        return new Attempt(
                number, status, "prediction" + number, AT.plusSeconds(number), AT, AT, 2, 20, 10, charged, null, null);
    }
}
