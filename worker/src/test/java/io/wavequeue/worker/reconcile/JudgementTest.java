package io.wavequeue.worker.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import io.wavequeue.job.JobStatus;
import io.wavequeue.job.Transition;
import io.wavequeue.job.Transition.AttemptChange;
import io.wavequeue.store.ReconcileStore.OpenSubmit;
import io.wavequeue.worker.provider.HistoryItem;
import io.wavequeue.worker.settle.Writes;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class JudgementTest {
    private static final Instant CLAIMED = Instant.parse("2026-11-21T12:00:00Z");
    private static final Instant READ = CLAIMED.plusSeconds(600);

    private final Judge judge = new Judge(
            Duration.ofSeconds(125),
            Duration.ofSeconds(60),
            Duration.ofSeconds(10),
            Writes.retries(new Random(1), Duration.ofSeconds(2), Duration.ofDays(1)));

    private static OpenSubmit submit(int job, long fence, JobStatus status) {
        return submit(job, fence, status, READ);
    }

    private static OpenSubmit submit(int job, long fence, JobStatus status, Instant readAt) {
        return new OpenSubmit(
                new UUID(0, job),
                fence,
                status,
                1,
                3,
                "m",
                CLAIMED.plusSeconds(job),
                BigDecimal.ONE,
                "same",
                readAt,
                CLAIMED);
    }

    private static HistoryItem made(String id, int at) {
        return new HistoryItem(id, "m", CLAIMED.plusSeconds(at), TextNode.valueOf("same"));
    }

    @Test
    void shouldNotCompareTwoClocksThatWereReadFarApart() {
        Instant theirs = READ.plusSeconds(30);
        assertThat(judge.ahead(READ, theirs, Duration.ofSeconds(1))).contains(Duration.ofSeconds(30));
        assertThat(judge.ahead(READ, theirs, Duration.ofSeconds(6)))
                .as("the process may have been stopped in between")
                .isEmpty();
    }

    @Test
    void shouldTakeAbsenceForProofOnlyWhenWindowAndLagAreOver() {
        Instant over = CLAIMED.plusSeconds(125 + 60);

        for (Instant readAt : List.of(over, over.plusMillis(1))) {
            OpenSubmit doubt = submit(0, 7, JobStatus.UNCERTAIN, readAt);
            assertThat(judge.judge(List.of(doubt), Duration.ZERO, List.of(), Map.of(), List.of(doubt), readAt))
                    .as("%s", readAt)
                    .hasSize(readAt.equals(over) ? 0 : 1);
        }
    }

    /** Two workers look at once, and the other one has given the first its prediction. */
    @Test
    void shouldLeaveOutWhatSomebodyElseSettledMeanwhile() {
        OpenSubmit first = submit(1, 7, JobStatus.UNCERTAIN);
        OpenSubmit second = submit(2, 8, JobStatus.UNCERTAIN);

        List<Transition> changes = judge.judge(
                List.of(first, second),
                Duration.ZERO,
                List.of(made("firsts", 3), made("seconds", 4)),
                Map.of("firsts", "same"),
                List.of(second),
                READ);

        assertThat(changes).singleElement().satisfies(change -> {
            assertThat(change.jobId()).isEqualTo(second.jobId());
            assertThat(change.attempt()).isEqualTo(new AttemptChange.Accepted("seconds", null));
        });
    }

    @Test
    void shouldLeaveOutWhatIsUncertainUnderAnotherFence() {
        OpenSubmit before = submit(1, 7, JobStatus.UNCERTAIN);

        assertThat(judge.judge(
                        List.of(before),
                        Duration.ZERO,
                        List.of(),
                        Map.of(),
                        List.of(submit(1, 9, JobStatus.UNCERTAIN)),
                        READ))
                .isEmpty();
    }
}
