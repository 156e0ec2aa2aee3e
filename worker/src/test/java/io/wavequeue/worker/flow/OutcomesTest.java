package io.wavequeue.worker.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.job.ErrorClass;
import io.wavequeue.job.HoldReason;
import io.wavequeue.job.JobError;
import io.wavequeue.job.JobStatus;
import io.wavequeue.job.Transition;
import io.wavequeue.job.Transition.AttemptChange;
import io.wavequeue.job.Transition.Next;
import io.wavequeue.store.ClaimStore.ClaimedJob;
import io.wavequeue.worker.provider.SubmitAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OutcomesTest {
    private static final Instant BEGAN = Instant.parse("2026-11-21T12:00:00Z");
    private static final Instant ANSWERED = BEGAN.plusSeconds(2);
    private static final JobError ERROR = JobError.of(ErrorClass.INVALID_INPUT, "no");
    private static final ClaimedJob JOB = new ClaimedJob(new UUID(0, 1), 7, 2, 2, "m", "{}", BEGAN, null, null);

    private static Transition of(SubmitAnswer answer) {
        return Outcomes.of(JOB, answer, BEGAN, ANSWERED);
    }

    private static Transition change(Next next, AttemptChange attempt) {
        return new Transition(JOB.jobId(), JOB.fence(), JobStatus.SUBMITTING, next, attempt, ANSWERED);
    }

    /** Although its last attempt is under way: nothing of it was paid, so nothing of it is used up. */
    @Test
    void shouldBurnNoAttemptWhenThrottledNotSentOrRefusedForTheAccount() {
        assertThat(of(new SubmitAnswer.Throttled(Duration.ofSeconds(9))))
                .isEqualTo(change(new Next.Queued(Duration.ofSeconds(9)), new AttemptChange.Removed(true)));
        assertThat(of(new SubmitAnswer.Throttled(null)).next()).isEqualTo(new Next.Queued(Duration.ofSeconds(5)));
        assertThat(of(new SubmitAnswer.NotSent("late", Duration.ofSeconds(1))))
                .isEqualTo(change(new Next.Queued(Duration.ofSeconds(1)), new AttemptChange.Removed(false)));
        Transition held = of(new SubmitAnswer.AccountTrouble(HoldReason.OUT_OF_CREDITS, "empty"));
        assertThat(held.attempt()).isEqualTo(new AttemptChange.Removed(true));
        assertThat(held.next()).isInstanceOf(Next.Held.class);
    }

    @Test
    void shouldNeverSubmitAgainWhatMayHaveBeenPaid() {
        assertThat(of(new SubmitAnswer.Uncertain(ERROR)))
                .isEqualTo(change(new Next.Uncertain(ERROR), new AttemptChange.Uncertain(ERROR, BEGAN)));
        assertThat(of(new SubmitAnswer.Accepted("p-1")))
                .isEqualTo(change(new Next.Running(), new AttemptChange.Accepted("p-1", BEGAN)));
        assertThat(of(new SubmitAnswer.Refused(ERROR)))
                .isEqualTo(change(new Next.Failed(ERROR), new AttemptChange.Refused(ERROR, BEGAN)));
        assertThat(Outcomes.unrecordable(JOB, new SubmitAnswer.Accepted("p-1"), BEGAN, ANSWERED)
                        .next()
                        .status())
                .isEqualTo(JobStatus.UNCERTAIN);
    }
}
