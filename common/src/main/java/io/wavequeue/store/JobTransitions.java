package io.wavequeue.store;

import io.wavequeue.job.JobError;
import io.wavequeue.job.JobStatus;
import io.wavequeue.job.Transition;
import io.wavequeue.job.Transition.AttemptChange;
import io.wavequeue.job.Transition.Next;
import io.wavequeue.job.Transition.Observation;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The one place that moves a job which a worker holds, or whose submit is uncertain, from one state to another, in batches of one statement.
 *
 * <p>A transition is applied when the row has the expected state and the fence, and, where a submit is in doubt, while no
 * webhook has told that something else became of it. The same statement ends or changes the attempt, books the charge, gives
 * the reservation back, counts the submit against its minute, adds the outputs and has a prediction that is followed no longer
 * looked at ({@link LookoutStore}), so that none of them can be true without the others. An output whose file was kept before
 * the job had the prediction names that file.
 */
@ApplicationScoped
public class JobTransitions {
    private static final String APPLY = """
            with change as (
              select *
              from unnest(?::uuid[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::boolean[],
                          ?::float8[], ?::text[], ?::boolean[], ?::text[], ?::float8[], ?::float8[],
                          ?::integer[], ?::integer[], ?::integer[], ?::text[], ?::text[])
                as c(job_id, fence, expected, next, hold_reason, error_class, error_message, error_retryable,
                     delay_s, attempt_next, counts_submit, prediction_id, submitted_age_s, age_s,
                     polls, inference_ms, detect_ms, output_urls, lookout_reason)
            ), held as (
              select c.*, j.attempt as number, j.model, j.batch_id,
                     case when j.cancel_requested and c.next in ('queued', 'held', 'succeeded', 'failed')
                               and c.attempt_next <> 'uncertain'
                          then 'cancelled' else c.next end as status
              from change c
              join job j on j.id = c.job_id
              where j.status = c.expected
                and j.fence = c.fence
                and not exists (select 1
                                from webhook_evidence e
                                where c.expected in ('uncertain', 'held')
                                  and e.job_id = j.id
                                  and e.attempt = j.attempt
                                  and e.judged_at is null
                                  and e.prediction_id is distinct from c.prediction_id)
              order by j.id
              for no key update of j
            ), job_changed as (
              update job j
              set status = h.status,
                  hold_reason = case when h.status = 'held' then h.hold_reason end,
                  held_by_batch = false,
                  held_by_person = false,
                  attempt = j.attempt - case when h.attempt_next = 'removed' then 1 else 0 end,
                  worker_id = case when h.status = 'running'
                                   then coalesce(j.worker_id, '00000000-0000-0000-0000-000000000000') end,
                  version = j.version + 1,
                  dispatch_at = case when h.status = 'queued' then now() + make_interval(secs => h.delay_s) end,
                  sends = 0,
                  error_class = h.error_class,
                  error_message = h.error_message,
                  error_retryable = h.error_retryable,
                  updated_at = now(),
                  settled_at = case when h.status in ('succeeded', 'failed', 'cancelled')
                                    then now() - make_interval(secs => h.age_s) end
              from held h
              where j.id = h.job_id
              returning j.id
            ), attempt_removed as (
              delete from attempt a
              using held h
              where a.job_id = h.job_id
                and a.number = h.number
                and h.attempt_next = 'removed'
              returning h.batch_id, a.budget_day, - a.reserved_usd as change_usd
            ), attempt_changed as (
              update attempt a
              set status = h.attempt_next,
                  prediction_id = coalesce(h.prediction_id, a.prediction_id),
                  submitted_at = coalesce(now() - make_interval(secs => h.submitted_age_s), a.submitted_at),
                  accepted_at = case when h.attempt_next = 'accepted'
                                     then now() - make_interval(secs => h.age_s) else a.accepted_at end,
                  completed_at = case when h.attempt_next in ('completed', 'failed', 'refused', 'not_created')
                                      then now() - make_interval(secs => h.age_s) end,
                  polls = a.polls + h.polls,
                  inference_ms = coalesce(h.inference_ms, a.inference_ms),
                  detect_ms = coalesce(h.detect_ms, a.detect_ms),
                  charged_usd = case when h.attempt_next = 'accepted' then a.price_usd else a.charged_usd end,
                  error_class = h.error_class,
                  error_message = h.error_message,
                  error_retryable = h.error_retryable
              from held h
              where a.job_id = h.job_id
                and a.number = h.number
                and h.attempt_next not in ('removed', 'none')
              returning a.job_id, a.number, a.status, a.charged_usd, a.refunded_usd, h.batch_id, a.budget_day, a.reserved_usd,
                        a.prediction_id, a.accepted_at, h.model, h.output_urls, h.lookout_reason
            ), budget_change as (
              select batch_id, budget_day, change_usd from attempt_removed
              union all
              select batch_id, budget_day,
                     case status
                       when 'refused' then - reserved_usd
                       when 'not_created' then - reserved_usd
                       else greatest(coalesce(charged_usd, reserved_usd) - coalesce(refunded_usd, 0), 0) - reserved_usd
                     end
              from attempt_changed
              where status in ('refused', 'not_created', 'completed', 'failed')
            ), %s, submit_counted as (
              insert into submit_window as w (second, submits)
              select date_trunc('second', now()), count(*)
              from held
              where counts_submit
              having count(*) > 0
              on conflict (second) do update set submits = w.submits + excluded.submits
            ), lookout_added as (
              insert into lookout (prediction_id, model, reason, made_at)
              select prediction_id, model, lookout_reason, coalesce(accepted_at, now())
              from attempt_changed
              where lookout_reason is not null
              on conflict (prediction_id) do update
              set reason = excluded.reason, look_at = now(), unknown_since = null, ended_at = null, outcome = null,
                  error_class = null, error_message = null
            ), output_added as (
              insert into output (job_id, number, attempt, url, file, content_type, bytes, sha256, archive_at)
              select c.job_id, u.place - 1, c.number, u.url, f.file, f.content_type, f.bytes, f.sha256, now()
              from attempt_changed c
              cross join lateral jsonb_array_elements_text(c.output_urls::jsonb) with ordinality as u(url, place)
              left join output f on f.prediction_id = c.prediction_id
                                and f.number = u.place - 1
                                and f.job_id is null
                                and f.archived_at is not null
              where c.output_urls is not null
              on conflict (job_id, number) do update
              set attempt = excluded.attempt, url = excluded.url, file = excluded.file,
                  content_type = excluded.content_type, bytes = excluded.bytes, sha256 = excluded.sha256,
                  prediction_id = null, archived_at = null, archive_at = now(), tries = 0, error = null,
                  lost_at = null, held_by = null, audio = null, check_at = null
            )
            select id from job_changed
            """.formatted(Committed.MOVED);

    /**
     * Evidence names its job by a foreign key, so none is added while the row is locked; and what was added before is seen by
     * the statement that follows.
     */
    private static final String LOCK_DOUBTS = "select id from job where id = any(?::uuid[]) order by id for update";

    private static final String READ_BACK = """
            select j.id
            from unnest(?::uuid[], ?::bigint[], ?::text[]) as c(job_id, fence, next)
            join job j on j.id = c.job_id
            where j.fence = c.fence
              and (j.status = c.next or (j.status = 'cancelled' and j.cancel_requested))
            """;

    private final Database database;
    private final InstantSource clock;

    JobTransitions(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Applies all transitions that still hold.
     *
     * @return the jobs that were changed; of the others, somebody else holds the job now
     */
    public Set<UUID> apply(List<Transition> transitions) {
        return database.inTransaction(connection -> apply(connection, transitions));
    }

    /**
     * After a commit whose reply was lost: those of the transitions that are in the rows. A fence is drawn for one claim
     * or take-over only, so a row with the fence and the next state can have been changed by nobody else.
     */
    public Set<UUID> readBack(List<Transition> transitions) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, READ_BACK)) {
                return new HashSet<>(bind.array("uuid", transitions, Transition::jobId)
                        .array("bigint", transitions, Transition::fence)
                        .array("text", transitions, t -> t.next().status().code())
                        .rows(row -> Bind.uuid(row, "id")));
            }
        });
    }

    /** The same in the caller's transaction. */
    Set<UUID> apply(Connection connection, List<Transition> transitions) throws SQLException {
        List<Flat> rows = transitions.stream().map(Flat::of).toList();
        Instant now = clock.instant();
        List<UUID> doubts = rows.stream()
                .map(Flat::transition)
                .filter(Transition::isOfADoubt)
                .map(Transition::jobId)
                .toList();
        if (!doubts.isEmpty()) {
            lock(connection, doubts);
        }
        try (Bind bind = Bind.of(connection, APPLY)) {
            bind.array("uuid", rows, r -> r.transition.jobId())
                    .array("bigint", rows, r -> r.transition.fence())
                    .array("text", rows, r -> r.transition.expected().code())
                    .array("text", rows, r -> r.transition.next().status().code())
                    .array("text", rows, Flat::holdReason)
                    .array(
                            "text",
                            rows,
                            r -> r.error == null ? null : r.error.errorClass().code())
                    .array("text", rows, r -> r.error == null ? null : r.error.message())
                    .array("boolean", rows, r -> r.error == null ? null : r.error.retryable())
                    .array("float8", rows, Flat::delaySeconds)
                    .array("text", rows, Flat::attemptNext)
                    .array("boolean", rows, Flat::countsSubmit)
                    .array("text", rows, Flat::predictionId)
                    .array("float8", rows, r -> age(r.submittedAt(), now))
                    .array("float8", rows, r -> age(r.transition.at(), now))
                    .array("integer", rows, r -> r.observation().polls())
                    .array("integer", rows, r -> r.observation().inferenceMs())
                    .array("integer", rows, r -> r.observation().detectMs())
                    .array("text", rows, Flat::outputUrls)
                    .array("text", rows, Flat::lookoutReason);
            return new HashSet<>(bind.rows(row -> Bind.uuid(row, "id")));
        }
    }

    private static void lock(Connection connection, List<UUID> doubts) throws SQLException {
        try (Bind bind = Bind.of(connection, LOCK_DOUBTS)) {
            bind.array("uuid", doubts, job -> job).rows(row -> Bind.uuid(row, "id"));
        }
    }

    /** Seconds since then: rows get the database's time, so that the clocks of two machines are never mixed. */
    private static @Nullable Double age(@Nullable Instant then, Instant now) {
        return then == null ? null : Math.max(0, Duration.between(then, now).toNanos()) / 1e9;
    }

    /** A transition with its variants laid out as columns. */
    private record Flat(Transition transition, @Nullable JobError error) {
        private static final Observation NOTHING_SEEN = new Observation(0, null, null);

        static Flat of(Transition transition) {
            JobError error =
                    switch (transition.next()) {
                        case Next.Failed failed -> failed.error();
                        case Next.Held held -> held.error();
                        case Next.Uncertain uncertain -> uncertain.error();
                        case Next.Queued ignored -> attemptError(transition.attempt());
                        case Next.Running ignored -> null;
                        case Next.Succeeded ignored -> null;
                    };
            return new Flat(transition, error);
        }

        /** A job that goes again shows why its last attempt ended. */
        private static @Nullable JobError attemptError(AttemptChange change) {
            return switch (change) {
                case AttemptChange.Ended ended -> ended.error();
                case AttemptChange.Refused refused -> refused.error();
                case AttemptChange.Uncertain uncertain -> uncertain.error();
                case AttemptChange.StillUncertain uncertain -> uncertain.error();
                case AttemptChange.NotCreated notCreated -> notCreated.error();
                case AttemptChange.GivenUp givenUp -> givenUp.error();
                case AttemptChange.Unfollowed unfollowed -> unfollowed.error();
                case AttemptChange.None ignored -> null;
                case AttemptChange.Removed ignored -> null;
                case AttemptChange.Accepted ignored -> null;
            };
        }

        @Nullable
        String holdReason() {
            return transition.next() instanceof Next.Held held ? held.reason().code() : null;
        }

        double delaySeconds() {
            return transition.next() instanceof Next.Queued queued
                    ? queued.delay().toNanos() / 1e9
                    : 0;
        }

        String attemptNext() {
            return switch (transition.attempt()) {
                case AttemptChange.None ignored -> "none";
                case AttemptChange.Removed ignored -> "removed";
                case AttemptChange.Accepted ignored -> "accepted";
                case AttemptChange.Refused ignored -> "refused";
                case AttemptChange.Uncertain ignored -> "uncertain";
                case AttemptChange.StillUncertain ignored -> "uncertain";
                case AttemptChange.NotCreated ignored -> "not_created";
                case AttemptChange.GivenUp ignored -> "failed";
                case AttemptChange.Unfollowed ignored -> "failed";
                case AttemptChange.Ended ended -> ended.error() == null ? "completed" : "failed";
            };
        }

        /** An answer, and an unanswered request, count against the minute; an unsent one does not. */
        boolean countsSubmit() {
            return switch (transition.attempt()) {
                case AttemptChange.None ignored -> false;
                case AttemptChange.Removed removed -> removed.reachedProvider();
                case AttemptChange.Accepted ignored -> transition.expected() == JobStatus.SUBMITTING;
                case AttemptChange.Refused ignored -> true;
                case AttemptChange.Uncertain ignored -> true;
                case AttemptChange.StillUncertain ignored -> false;
                case AttemptChange.NotCreated ignored -> false;
                case AttemptChange.GivenUp ignored -> false;
                case AttemptChange.Unfollowed ignored -> false;
                case AttemptChange.Ended ignored -> false;
            };
        }

        @Nullable
        String predictionId() {
            return transition.attempt() instanceof AttemptChange.Accepted accepted ? accepted.predictionId() : null;
        }

        @Nullable
        Instant submittedAt() {
            return switch (transition.attempt()) {
                case AttemptChange.Accepted accepted -> accepted.submittedAt();
                case AttemptChange.Refused refused -> refused.submittedAt();
                case AttemptChange.Uncertain uncertain -> uncertain.submittedAt();
                case AttemptChange.None ignored -> null;
                case AttemptChange.Removed ignored -> null;
                case AttemptChange.StillUncertain ignored -> null;
                case AttemptChange.NotCreated ignored -> null;
                case AttemptChange.GivenUp ignored -> null;
                case AttemptChange.Unfollowed ignored -> null;
                case AttemptChange.Ended ignored -> null;
            };
        }

        Observation observation() {
            return switch (transition.attempt()) {
                case AttemptChange.Ended ended -> ended.observation();
                case AttemptChange.Unfollowed unfollowed -> unfollowed.observation();
                case AttemptChange.None ignored -> NOTHING_SEEN;
                case AttemptChange.Removed ignored -> NOTHING_SEEN;
                case AttemptChange.Accepted ignored -> NOTHING_SEEN;
                case AttemptChange.Refused ignored -> NOTHING_SEEN;
                case AttemptChange.Uncertain ignored -> NOTHING_SEEN;
                case AttemptChange.StillUncertain ignored -> NOTHING_SEEN;
                case AttemptChange.NotCreated ignored -> NOTHING_SEEN;
                case AttemptChange.GivenUp ignored -> NOTHING_SEEN;
            };
        }

        @Nullable
        String lookoutReason() {
            return transition.attempt() instanceof AttemptChange.Unfollowed unfollowed
                    ? unfollowed.reason().code()
                    : null;
        }

        @Nullable
        String outputUrls() {
            return transition.next() instanceof Next.Succeeded succeeded
                    ? JsonText.array(succeeded.outputUrls())
                    : null;
        }
    }
}
