package io.wavequeue.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.job.AttemptStatus;
import io.wavequeue.job.BillRow;
import io.wavequeue.job.BulkDecision;
import io.wavequeue.job.DifferenceKind;
import io.wavequeue.job.ErrorClass;
import io.wavequeue.job.HoldReason;
import io.wavequeue.job.JobStatus;
import io.wavequeue.job.Lane;
import io.wavequeue.job.LookoutReason;
import io.wavequeue.job.ResolutionStatus;
import io.wavequeue.job.SkipReason;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The tables' checks and the enums say the same. */
class SchemaIT {
    private static final Pattern LITERAL = Pattern.compile("'([a-z_]+)'");

    @Test
    void shouldAllowExactlyTheEnumsNames() {
        try (StoreFixture store = new StoreFixture()) {
            assertThat(allowed(store, "job_status_known"))
                    .containsExactlyInAnyOrderElementsOf(names(JobStatus.values(), JobStatus::code));
            assertThat(allowed(store, "event_status_known"))
                    .containsExactlyInAnyOrderElementsOf(names(JobStatus.values(), JobStatus::code));
            assertThat(allowed(store, "job_hold_known"))
                    .containsExactlyInAnyOrderElementsOf(names(HoldReason.values(), HoldReason::code));
            assertThat(allowed(store, "job_error_known"))
                    .containsExactlyInAnyOrderElementsOf(names(ErrorClass.values(), ErrorClass::code));
            assertThat(allowed(store, "job_lane_known"))
                    .containsExactlyInAnyOrderElementsOf(names(Lane.values(), Lane::code));
            assertThat(allowed(store, "batch_lane_known"))
                    .containsExactlyInAnyOrderElementsOf(names(Lane.values(), Lane::code));
            assertThat(allowed(store, "attempt_status_known"))
                    .containsExactlyInAnyOrderElementsOf(names(AttemptStatus.values(), AttemptStatus::code));
            assertThat(allowed(store, "bill_row_kind_known"))
                    .containsExactlyInAnyOrderElementsOf(names(BillRow.Kind.values(), BillRow.Kind::code));
            assertThat(allowed(store, "bill_difference_kind_known"))
                    .containsExactlyInAnyOrderElementsOf(names(DifferenceKind.values(), DifferenceKind::code));
            assertThat(allowed(store, "lookout_reason_known"))
                    .containsExactlyInAnyOrderElementsOf(names(LookoutReason.values(), LookoutReason::code));
            assertThat(allowed(store, "resolution_status_known"))
                    .containsExactlyInAnyOrderElementsOf(names(ResolutionStatus.values(), ResolutionStatus::code));
            assertThat(allowed(store, "resolution_decision_known"))
                    .containsExactlyInAnyOrderElementsOf(names(BulkDecision.values(), BulkDecision::code));
            assertThat(allowed(store, "resolution_item_skip_known"))
                    .containsExactlyInAnyOrderElementsOf(names(SkipReason.values(), SkipReason::code));
            List<String> open = LITERAL.matcher(store.text("select pg_get_indexdef('attempt_open'::regclass)"))
                    .results()
                    .map(found -> found.group(1))
                    .toList();
            assertThat(open)
                    .containsExactlyInAnyOrderElementsOf(Arrays.stream(AttemptStatus.values())
                            .filter(AttemptStatus::isOpen)
                            .map(AttemptStatus::code)
                            .toList());
        }
    }

    private static List<String> allowed(StoreFixture store, String constraint) {
        String definition =
                store.text("select pg_get_constraintdef(oid) from pg_constraint where conname = '" + constraint + "'");
        return LITERAL.matcher(definition)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }

    private static <T> List<String> names(T[] values, Function<T, String> code) {
        return Arrays.stream(values).map(code).toList();
    }
}
