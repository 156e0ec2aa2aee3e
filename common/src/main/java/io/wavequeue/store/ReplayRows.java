package io.wavequeue.store;

import io.wavequeue.job.JobStatus;
import io.wavequeue.job.ReplayFacts;
import io.wavequeue.job.SkipReason;
import io.wavequeue.store.ReplayInputs.Asked;
import io.wavequeue.store.ReplayInputs.Checked;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The statements of a replay. */
final class ReplayRows {
    /**
     * An attempt that failed and has no prediction was given up while its outcome was unknown: what the provider refuses is
     * refused, and what it did not take is not_created. An attempt whose row is gone may be anything. A webhook that told of a
     * prediction which no attempt has says that the provider took what we believe it did not. What a person had go again in spite
     * of that is not asked about again. Everything is asked by key, row by row (ADR 0013). The job of a take is the one that it names: what a take named before, in
     * another batch, is not wanted any more, whatever became of the other. Lines without a reference have no take, and are known by their key.
     */
    private static final String FACTS = """
            select j.id, j.status, j.held_by_person, i.resumed, j.model, j.error_class, j.replays, p.input, p.content_key,
                   t.number as take, pf.factor,
                   i.replays <> j.replays or i.attempt <> j.attempt or (i.live and j.status = 'cancelled') as changed,
                   coalesce(a.is_open, false) as open_attempt,
                   coalesce(a.given_up, false)
                     or (j.attempt > j.tries_from and coalesce(a.last, 0) < j.attempt)
                     or exists (select 1
                                from webhook_evidence e
                                where e.job_id = j.id
                                  and e.attempt > j.tries_from
                                  and not exists (select 1 from attempt y where y.prediction_id = e.prediction_id)) as doubtful,
                   coalesce(a.is_pending, false) as pending,
                   coalesce(o.lost, false) as output_lost,
                   coalesce(o.waits, false) as output_waits,
                   coalesce(o.there, false) as output_there,
                   t.number is null
                     and (exists (select 1
                                  from take x
                                  join job k on k.id = x.job_id
                                  where x.library = b.name
                                    and x.reference = j.reference
                                    and k.batch_id is distinct from j.batch_id)
                          or (p.content_key is not null
                              and exists (select 1
                                          from job_payload q
                                          join job k on k.id = q.job_id
                                          where q.content_key = p.content_key
                                            and q.created_at > p.created_at
                                            and k.batch_id is distinct from j.batch_id
                                            and k.status not in ('failed', 'cancelled')
                                            and not exists (select 1
                                                            from output y
                                                            where y.job_id = k.id
                                                              and y.number < %1$d
                                                              and y.lost_at is not null)))) as superseded,
                   coalesce(b.stop = 'cancelled', false) as batch_cancelled,
                   case when j.replays = 0 then coalesce(i.evidence, l.evidence) end as evidence,
                   j.replays = 0 and l.job_id is not null as restored
            from unnest(?::uuid[]) as u(id)
            cross join lateral (select * from resolution_item where resolution_id = ? and job_id = u.id limit 1) i
            cross join lateral (select * from job where id = u.id limit 1) j
            cross join lateral (select * from job_payload where job_id = u.id limit 1) p
            left join lateral (select number from take where job_id = u.id limit 1) t on true
            left join price_factor pf on pf.model = j.model
            left join lateral (select stop, name from batch where id = j.batch_id limit 1) b on true
            left join lateral (select job_id, evidence from restored_job where job_id = u.id limit 1) l on true
            left join lateral (
              select max(x.number) as last,
                     bool_or(x.status in ('submitting', 'accepted', 'uncertain')) as is_open,
                     bool_or(x.number > j.tries_from and x.status = 'failed' and x.prediction_id is null) as given_up,
                     bool_or((select true
                              from lookout l
                              where l.prediction_id = x.prediction_id and l.ended_at is null
                              limit 1)) as is_pending
              from attempt x
              where x.job_id = j.id
            ) a on true
            left join lateral (
              select bool_or(y.lost_at is not null and y.number < %1$d) as lost,
                     bool_or(y.archive_at is not null) as waits,
                     bool_or(y.lost_at is null and y.attempt > j.tries_from) as there
              from output y
              where y.job_id = j.id
            ) o on true
            order by j.id
            """.formatted(LookoutStore.LATE_FROM);

    /** What is left of an older result is no part of the next one: it is numbered as late outputs are. */
    private static final String REPLAY = """
            with going as (
              select *
              from unnest(?::uuid[], ?::numeric[], ?::numeric[], ?::text[], ?::text[])
                as g(id, estimated_usd, reserve_usd, input, content_key)
            ), before as (
              select g.*, j.status, j.attempt, j.model, j.replays + 1 as number, j.error_class, j.error_message, j.error_retryable,
                     case when g.input is not null then p.input end as old_input
              from going g
              cross join lateral (select * from job where id = g.id limit 1) j
              cross join lateral (select * from job_payload where job_id = g.id limit 1) p
              where j.status in ('succeeded', 'failed', 'cancelled')
            ), kept as (
              insert into job_replay (job_id, number, resolution_id, status, attempt, error_class, error_message,
                                      error_retryable, fingerprint, input)
              select id, number, ?, status, attempt, error_class, error_message, error_retryable,
                     case when status = 'failed' then failure_fingerprint(error_class, model, error_message) end, old_input
              from before
            ), payload_changed as (
              update job_payload p
              set input = b.input, content_key = b.content_key
              from before b
              where p.job_id = b.id
                and b.input is not null
            ), lost_removed as (
              delete from output o
              using before b
              where o.job_id = b.id
                and o.number < %1$d
                and o.lost_at is not null
            ), kept_aside as (
              update output o
              set number = %1$d * greatest(b.attempt, 1) + o.number
              from before b
              where o.job_id = b.id
                and o.number < %1$d
                and o.lost_at is null
            )
            update job j
            set status = 'queued', dispatch_at = now(), sends = 0, settled_at = null, cancel_requested = false,
                error_class = null, error_message = null, error_retryable = null,
                estimated_usd = b.estimated_usd, reserve_usd = b.reserve_usd,
                replays = b.number, tries_from = j.attempt, replayed_at = now(),
                version = j.version + 1, updated_at = now()
            from before b
            where j.id = b.id
            """.formatted(LookoutStore.LATE_FROM);

    private static final String AT_REST = """
            select case when exists (select 1
                                     from unnest(?::uuid[]) as u(id)
                                     cross join lateral (select content_key from job_payload where job_id = u.id limit 1) p
                                     where p.content_key is not null)
                        then libraries_are_at_rest()
                        else true end as at_rest
            """;

    private ReplayRows() {}

    /** Whether no batch of a library is being made that may be about one of these jobs; then none is until the transaction ends. */
    static boolean areLibrariesAtRest(Connection connection, List<UUID> jobs) throws SQLException {
        try (Bind bind = Bind.of(connection, AT_REST)) {
            return bind.array("uuid", jobs, job -> job).row(row -> row.getBoolean("at_rest"));
        }
    }

    /**
     * A job that may be replayed.
     *
     * @param factor what a person accepted its model's price to be, times the catalogue's; null = as in the catalogue
     */
    record Candidate(
            UUID id,
            ReplayFacts facts,
            Asked asked,
            @Nullable BigDecimal factor) {
        @Nullable
        BigDecimal cost(@Nullable BigDecimal usd) {
            return ReplayAction.times(usd, factor);
        }
    }

    /** A job that goes again, and how. */
    record Going(UUID id, Checked.Valid how) {}

    static List<Candidate> candidates(Connection connection, UUID operation, List<UUID> jobs) throws SQLException {
        try (Bind bind = Bind.of(connection, FACTS)) {
            return bind.array("uuid", jobs, job -> job).uuid(operation).rows(ReplayRows::candidate);
        }
    }

    /** Of jobs whose rows the caller has locked, those that have ended. */
    static void replay(Connection connection, UUID operation, List<Going> going) throws SQLException {
        if (going.isEmpty()) {
            return;
        }
        try (Bind bind = Bind.of(connection, REPLAY)) {
            int replayed = bind.array("uuid", going, Going::id)
                    .array("numeric", going, one -> one.how().estimatedUsd())
                    .array("numeric", going, one -> one.how().reserveUsd())
                    .array("text", going, one -> one.how().input())
                    .array("text", going, one -> one.how().contentKey())
                    .uuid(operation)
                    .update();
            if (replayed != going.size()) {
                throw new SQLException(
                        "of %d jobs that were locked %d were replayed".formatted(going.size(), replayed));
            }
        }
    }

    private static Candidate candidate(ResultSet row) throws SQLException {
        UUID id = Bind.uuid(row, "id");
        @Nullable String evidence = row.getString("evidence");
        ReplayFacts facts = new ReplayFacts(
                JobStatus.of(row.getString("status")),
                row.getBoolean("held_by_person"),
                row.getBoolean("resumed"),
                row.getBoolean("changed"),
                row.getString("error_class"),
                row.getBoolean("open_attempt"),
                row.getBoolean("doubtful"),
                row.getBoolean("pending"),
                new ReplayFacts.Output(
                        row.getBoolean("output_lost"), row.getBoolean("output_waits"), row.getBoolean("output_there")),
                row.getBoolean("superseded"),
                row.getInt("replays"),
                row.getBoolean("batch_cancelled"),
                evidence == null ? null : SkipReason.of(evidence),
                row.getBoolean("restored"));
        Asked asked = new Asked(
                id,
                row.getString("model"),
                row.getString("input"),
                row.getString("content_key"),
                row.getObject("take", Integer.class));
        return new Candidate(id, facts, asked, row.getBigDecimal("factor"));
    }
}
