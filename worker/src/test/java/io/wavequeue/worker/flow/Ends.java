package io.wavequeue.worker.flow;

import io.wavequeue.job.Transition;
import io.wavequeue.store.ClaimStore.ClaimedJob;
import io.wavequeue.store.WorkerStore.RunningJob;
import io.wavequeue.worker.poll.Poller.PollResult;
import io.wavequeue.worker.provider.SubmitAnswer;
import io.wavequeue.worker.settle.RetryDecider;
import java.time.Instant;

/** The real outcomes, for simulations. */
public final class Ends {
    private final Outcomes outcomes;

    public Ends(RetryDecider retries) {
        this.outcomes = new Outcomes(retries);
    }

    public Transition of(ClaimedJob job, SubmitAnswer answer, Instant began, Instant answered) {
        return Outcomes.of(job, answer, began, answered);
    }

    public Transition unrecordable(ClaimedJob job, SubmitAnswer.Accepted answer, Instant began, Instant answered) {
        return Outcomes.unrecordable(job, answer, began, answered);
    }

    public Transition of(RunningJob job, PollResult result, Instant at) {
        return outcomes.of(job, result, at);
    }
}
