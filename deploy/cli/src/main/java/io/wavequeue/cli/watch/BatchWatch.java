package io.wavequeue.cli.watch;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.cli.client.ApiException;
import io.wavequeue.cli.client.ApiRefusedException;
import io.wavequeue.cli.client.Batch;
import io.wavequeue.cli.client.EventStream;
import io.wavequeue.cli.client.EventStream.Sign;
import io.wavequeue.cli.client.Job;
import io.wavequeue.cli.client.Json;
import io.wavequeue.cli.client.LibraryApi;
import io.wavequeue.cli.client.Pace;
import io.wavequeue.cli.screen.Counted;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Follows one batch. */
public final class BatchWatch {

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);
    private static final Duration TICK = Duration.ofSeconds(1);

    /** The API writes a comment every 15 s; three missing ones are a dead connection. */
    private static final int QUIET_TICKS = 45;

    private final LibraryApi api;
    private final Pace pace;
    private final WatchView view;
    private final Absence absence;
    private final Stillness stillness;

    private @Nullable String lastEvent;

    /** Follows batches of this API. */
    public BatchWatch(LibraryApi api, Pace pace, WatchView view) {
        this.api = api;
        this.pace = pace;
        this.view = view;
        this.absence = new Absence(pace, view);
        this.stillness = new Stillness(pace);
    }

    /** How following ended. */
    public sealed interface Result {

        /** The batch as it was seen last. */
        Batch batch();

        /** All of its jobs have ended and are archived. */
        record Done(Batch batch) implements Result {}

        /** Nothing moves without a person, and {@code why} says what is needed. */
        record Waits(Batch batch, String why) implements Result {}
    }

    /** Follows the batch to its end. */
    public Result follow(String id) throws InterruptedException {
        Batch batch = Batch.of(api.batch(id).json());
        while (true) {
            view.show(new WatchedBatch(batch));
            Optional<Result> end = end(batch);
            if (end.isEmpty()) {
                end = listen(id, batch);
            }
            if (end.isPresent()) {
                return end.get();
            }
            pace.sleep(BETWEEN_LOOKS);
            batch = look(id, batch);
        }
    }

    /** Until the stream ends, for whatever reason, or the batch does. */
    private Optional<Result> listen(String id, Batch first) throws InterruptedException {
        Batch batch = first;
        try (EventStream events = api.events(id, lastEvent)) {
            int quiet = 0;
            while (quiet < QUIET_TICKS) {
                switch (events.next(TICK)) {
                    case Sign.Event event -> {
                        quiet = 0;
                        batch = take(event, batch);
                    }
                    case Sign.Alive _ -> quiet = 0;
                    case Sign.Silence _ -> quiet++;
                    case Sign.Ended _ -> quiet = QUIET_TICKS;
                }
                Optional<Result> end = end(batch);
                if (end.isPresent()) {
                    return end;
                }
            }
        } catch (IOException | ApiRefusedException e) {
            // looked at without the stream; a batch that is gone is refused then
        }
        return Optional.empty();
    }

    private Batch take(Sign.Event event, Batch before) throws IOException {
        JsonNode data = Json.parse(event.data());
        if (event.name().equals("job")) {
            lastEvent = event.id();
            view.job(data);
            return before;
        }
        if (event.name().equals("progress") || event.name().equals("done")) {
            Batch batch = Batch.of(data);
            view.show(new WatchedBatch(batch));
            return batch;
        }
        return before;
    }

    private Optional<Result> end(Batch batch) throws InterruptedException {
        if (!batch.open()) {
            return Optional.of(new Result.Done(batch));
        }
        if (stillness.lasts(new WatchedBatch(batch).still())) {
            boolean paused = batch.status().equals("paused");
            String why = paused ? "it is paused; `wavequeue resume " + batch.id() + "`" : held(batch);
            return Optional.of(new Result.Waits(batch, why));
        }
        return Optional.empty();
    }

    private String held(Batch batch) throws InterruptedException {
        Optional<Job> job = api.heldJob(batch.id());
        String reason = job.map(held -> held.text("hold_reason")).orElse(null);
        String error = job.map(Job::error).map(Job.Problem::message).orElse("");
        return Counted.of(batch.count("held"), "job") + " held"
                + (reason == null ? "" : " (" + reason + ")")
                + (error.isEmpty() ? "" : ": " + error)
                + ("budget".equals(reason) && batch.cost("budget_usd") != null
                        ? "; `wavequeue budget " + batch.id() + " USD` changes this batch's budget"
                        : "");
    }

    private Batch look(String id, Batch before) throws InterruptedException {
        try {
            Batch batch = Batch.of(api.batch(id).json());
            absence.over();
            return batch;
        } catch (ApiException e) {
            absence.bear(e);
            return before;
        }
    }
}
