package io.wavequeue.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wavequeue.job.Transition.AttemptChange;
import io.wavequeue.job.Transition.Next;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobStatusTest {
    /** The design's table, edge by edge; every edge that is not here must be refused. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "queued     | submitting running held failed cancelled",
                "submitting | running uncertain queued held failed cancelled",
                "uncertain  | running queued held failed",
                "running    | succeeded failed queued cancelled",
                "held       | queued running failed cancelled",
                "succeeded  | queued",
                "failed     | queued",
                "cancelled  | queued",
            })
    void shouldHaveExactlyTheEdgesOfTheDiagram(String from, String nexts) {
        Set<JobStatus> expected =
                Arrays.stream(nexts.split(" ")).map(JobStatus::of).collect(Collectors.toSet());

        Set<JobStatus> actual = Arrays.stream(JobStatus.values())
                .filter(next -> JobStatus.of(from).mayBecome(next))
                .collect(Collectors.toSet());

        assertThat(actual).isEqualTo(expected);
    }

    @Test
    void shouldRefuseATransitionWithoutAnEdge() {
        assertThatThrownBy(() -> new Transition(
                        UUID.randomUUID(),
                        1,
                        JobStatus.SUCCEEDED,
                        new Next.Succeeded(List.of()),
                        new AttemptChange.Removed(false),
                        Instant.EPOCH))
                .hasMessage("no edge leads from SUCCEEDED to SUCCEEDED");
    }

    @Test
    void shouldRefuseEveryTransitionThatIsNoEdgeAndNoOther() {
        JobError error = JobError.of(ErrorClass.INTERNAL, "why");
        List<Next> nexts = List.of(
                new Next.Running(),
                new Next.Uncertain(error),
                new Next.Queued(Duration.ZERO),
                new Next.Held(HoldReason.PAUSED, error),
                new Next.Succeeded(List.of()),
                new Next.Failed(error));
        for (JobStatus from : JobStatus.values()) {
            for (Next next : nexts) {
                ThrowingCallable made = () -> new Transition(
                        UUID.randomUUID(), 1, from, next, new AttemptChange.Removed(false), Instant.EPOCH);
                if (from.mayBecome(next.status())) {
                    assertThatCode(made).doesNotThrowAnyException();
                } else {
                    assertThatThrownBy(made).hasMessage("no edge leads from " + from + " to " + next.status());
                }
            }
        }
    }

    @Test
    void shouldMakeErrorsStorable() {
        assertThat(JobError.of(ErrorClass.INTERNAL, "a\u0000b\nc\uD800d").message())
                .isEqualTo("a?b c?d");
        assertThat(JobError.of(ErrorClass.INTERNAL, "x".repeat(900)).message()).hasSize(500);
    }
}
