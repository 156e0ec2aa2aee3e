package io.wavequeue.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.job.AttemptStatus;
import io.wavequeue.job.BatchStop;
import io.wavequeue.job.BillRow;
import io.wavequeue.job.BulkDecision;
import io.wavequeue.job.BulkKind;
import io.wavequeue.job.BulkStatus;
import io.wavequeue.job.DifferenceKind;
import io.wavequeue.job.ErrorClass;
import io.wavequeue.job.HoldReason;
import io.wavequeue.job.JobStatus;
import io.wavequeue.job.Lane;
import io.wavequeue.job.LookoutReason;
import io.wavequeue.job.SkipReason;
import io.wavequeue.test.Servers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.flywaydb.core.Flyway;
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
            assertThat(allowed(store, "batch_stop_known"))
                    .containsExactlyInAnyOrderElementsOf(names(BatchStop.values(), BatchStop::code));
            assertThat(allowed(store, "attempt_status_known"))
                    .containsExactlyInAnyOrderElementsOf(names(AttemptStatus.values(), AttemptStatus::code));
            assertThat(allowed(store, "bill_row_kind_known"))
                    .containsExactlyInAnyOrderElementsOf(names(BillRow.Kind.values(), BillRow.Kind::code));
            assertThat(allowed(store, "bill_difference_kind_known"))
                    .containsExactlyInAnyOrderElementsOf(names(DifferenceKind.values(), DifferenceKind::code));
            assertThat(allowed(store, "lookout_reason_known"))
                    .containsExactlyInAnyOrderElementsOf(names(LookoutReason.values(), LookoutReason::code));
            assertThat(allowed(store, "resolution_status_known"))
                    .containsExactlyInAnyOrderElementsOf(names(BulkStatus.values(), BulkStatus::code));
            assertThat(allowed(store, "resolution_kind_known"))
                    .containsExactlyInAnyOrderElementsOf(names(BulkKind.values(), BulkKind::code));
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

    /** A batch that is older than its sum gets it when the tables are migrated. */
    @Test
    void shouldSumUpWhatBatchesHadCommittedBefore() throws SQLException {
        String url = Servers.postgres().newDatabase();
        Flyway.configure().dataSource(url, null, null).target("14").load().migrate();
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    insert into batch (id, lane, jobs, unknown_price) values (md5('a')::uuid, 'bulk', 6, 6), (md5('b')::uuid, 'bulk', 1, 1);
                    insert into job (id, status, model, lane, batch_id, max_attempts, dispatch_at)
                    select md5(i::text)::uuid, 'queued', 'm', 'bulk', case when i <= 6 then md5('a')::uuid end, 3, now()
                    from generate_series(1, 7) i;
                    insert into attempt (job_id, number, status, worker_id, prediction_id, budget_day, reserved_usd, charged_usd, refunded_usd)
                    select md5(i::text)::uuid, 1, status, md5('w')::uuid, i::text, current_date, 0.1, charged_usd, refunded_usd
                    from (values (1, 'accepted', 0.09, null), (2, 'refused', null, null), (3, 'completed', 0.2, null),
                                 (4, 'failed', 0.1, 0.04), (5, 'failed', null, null), (6, 'failed', 0.1, 0.3),
                                 (7, 'accepted', 0.1, null)) as v(i, status, charged_usd, refunded_usd);
                    """);
            Flyway.configure().dataSource(url, null, null).load().migrate();
            try (ResultSet sums =
                    statement.executeQuery("select string_agg(committed_usd::text, ' ' order by jobs) from batch")) {
                sums.next();
                assertThat(sums.getString(1)).isEqualTo("0.000000 0.460000");
            }
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
