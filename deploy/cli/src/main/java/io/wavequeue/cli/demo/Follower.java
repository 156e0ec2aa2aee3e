package io.wavequeue.cli.demo;

import io.wavequeue.cli.client.ApiException;
import io.wavequeue.cli.client.ApiRefusedException;
import io.wavequeue.cli.client.ApiUnreachableException;
import io.wavequeue.cli.client.ApiUnreadableException;
import io.wavequeue.cli.client.Job;
import io.wavequeue.cli.client.Pace;
import io.wavequeue.cli.client.WavequeueApi;
import io.wavequeue.cli.screen.Seconds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Looks at the jobs of one run again and again until all are done, or waiting on makes no sense. */
final class Follower {

    /** The page is larger than the run, so that one request sees it whole. */
    private static final int SPARE = 10;

    private final WavequeueApi api;
    private final Pace pace;
    private final Patience patience;

    private @Nullable Instant silentSince;
    private @Nullable Instant heldSince;

    Follower(WavequeueApi api, Pace pace, Patience patience) {
        this.api = api;
        this.pace = pace;
        this.patience = patience;
    }

    /** How following ended. */
    sealed interface Result {

        /** The jobs as they were seen last. */
        List<Job> jobs();

        /** Every job is done. */
        record AllDone(List<Job> jobs) implements Result {}

        /** Some are not, and {@code why} says why they are not waited for any longer. */
        record GaveUp(List<Job> jobs, String why) implements Result {}
    }

    Result follow(String runId, int count, Progress progress) throws InterruptedException {
        Instant start = pace.instant();
        List<Job> jobs = List.of();
        while (true) {
            jobs = look(runId, count, progress, jobs);
            progress.show(jobs);
            if (jobs.size() == count && jobs.stream().allMatch(Job::done)) {
                return new Result.AllDone(jobs);
            }
            String why = reasonToGiveUp(start, jobs, count);
            if (why != null) {
                return new Result.GaveUp(jobs, why);
            }
            pace.sleep(patience.interval());
        }
    }

    private List<Job> look(String runId, int count, Progress progress, List<Job> before) throws InterruptedException {
        try {
            List<Job> jobs = api.labelled("demo", runId, count + SPARE);
            silentSince = null;
            return jobs;
        } catch (ApiException e) {
            bearSilence(e, progress);
            return before;
        }
    }

    /** An API that is started again is away for seconds; anything that it refuses will not get better by waiting. */
    private void bearSilence(ApiException e, Progress progress) {
        boolean away =
                switch (e) {
                    case ApiUnreachableException _ -> true;
                    case ApiRefusedException refused -> refused.status() >= 500;
                    case ApiUnreadableException _ -> false;
                };
        boolean tooLong = silentSince != null && pace.since(silentSince).compareTo(patience.silence()) > 0;
        if (!away || tooLong) {
            throw e;
        }
        if (silentSince == null) {
            silentSince = pace.instant();
            progress.note(e.getMessage() + "; asking again for " + Seconds.of(patience.silence()));
        }
    }

    private @Nullable String reasonToGiveUp(Instant start, List<Job> jobs, int count) {
        List<Job> open = jobs.stream().filter(job -> !job.done()).toList();
        boolean stuck =
                !open.isEmpty() && open.stream().allMatch(j -> j.status().equals("held"));
        if (!stuck) {
            heldSince = null;
        } else if (heldSince == null) {
            heldSince = pace.instant();
        } else if (pace.since(heldSince).compareTo(patience.held()) > 0) {
            return "what is left is held and needs a person: " + remedies(open);
        }
        if (pace.since(start).compareTo(patience.deadline()) <= 0) {
            return null;
        }
        return "after " + Seconds.of(patience.deadline()) + " " + standing(open, count - jobs.size());
    }

    private static String remedies(List<Job> held) {
        return held.stream()
                .map(job -> job.text("hold_reason"))
                .map(reason -> CueState.remedy(reason == null ? "" : reason))
                .collect(Collectors.toCollection(TreeSet::new))
                .stream()
                .collect(Collectors.joining("; "));
    }

    private static String standing(List<Job> open, int missing) {
        List<String> parts = new ArrayList<>();
        open.forEach(job -> parts.add(Changes.name(job) + " is " + CueState.of(job)));
        if (missing > 0) {
            parts.add(missing + " of the jobs do not appear in the list");
        }
        return String.join(", ", parts) + "; nothing is lost, the jobs go on without the demo";
    }
}
