package io.wavequeue.store;

import io.wavequeue.job.NewJob;

/** The statements of {@link LettersChoice}, over tables that live as long as its transaction. */
final class LetterSql {
    /** Of two letters about one job the one under the job's own key counts. */
    static final String JUDGE = """
            update letter l
            set wanted = r.is_first
                  and (t.since is null or l.failed_at >= t.since)
                  and (t.until is null or l.failed_at < t.until),
                here = (select true from job j where j.id = l.id) is not null,
                restored = false
            from (select ?::timestamptz as since, ?::timestamptz as until) t
            cross join (select key,
                               id is not null
                                 and row_number() over (partition by id order by own_key desc, failed_at desc, key) = 1 as is_first
                        from letter) r
            where r.key = l.key
            """;

    /**
     * A job is sent again only when it is replayed. So a record that was sent after its letter was written, and that a worker put
     * aside, tells what was asked for last, and that nobody knows how it ended; attempts and charges are the letter's. How often it
     * may be tried never changes: where one of the two does not tell it, since an older version wrote that one, the other does.
     */
    static final String SENT_SINCE = """
            update letter l
            set input = s.input, estimated_usd = s.estimated_usd, reserve_usd = s.reserve_usd,
                input_key = s.input_key, clipless_key = s.clipless_key, asked_key = s.asked_key, asked_clipless = s.asked_clipless,
                max_attempts = coalesce(nullif(s.max_attempts, %d), l.max_attempts),
                attempt = greatest(l.attempt, s.attempt),
                error_class = s.error_class, error_message = s.error_message, error_retryable = s.error_retryable
            from (select distinct on (id) *
                  from letter
                  where error_class = 'unknown_job'
                    and not own_key
                  order by id, active_at desc, key) s
            where l.id = s.id
              and l.own_key
              and l.wanted
              and not l.here
              and l.refusal is null
              and l.model = s.model
              and l.active_at < s.active_at
            """.formatted(NewJob.USUAL_ATTEMPTS);

    static final String CREATE_ATTEMPTS = """
            create temporary table letter_attempt on commit drop as
            select l.id as job_id, l.wanted, l.here, a.*
            from letter l
            cross join lateral jsonb_to_recordset(l.attempts) as a(
              number integer, status text, prediction_id text, submitted_at timestamptz, accepted_at timestamptz,
              completed_at timestamptz, polls integer, inference_ms integer, charged_usd numeric, refunded_usd numeric,
              error_class text, error_message text, error_retryable boolean)
            """;

    static final String ANALYZE = "analyze letter, letter_attempt";

    /** A prediction belongs to one attempt. Who has it here, or came first, keeps it. */
    static final String REFUSE_TAKEN = """
            update letter l
            set refusal = 'record_invalid', message = t.message
            from (select distinct on (la.job_id) la.job_id,
                         'prediction ' || la.prediction_id || ' of its attempt ' || la.number || ' is that of job '
                           || coalesce(a.job_id, o.job_id) as message
                  from letter_attempt la
                  left join attempt a on a.prediction_id = la.prediction_id
                  left join letter_attempt o on o.prediction_id = la.prediction_id
                                            and o.job_id < la.job_id
                                            and o.wanted
                                            and not o.here
                  where la.wanted
                    and not la.here
                    and la.prediction_id is not null
                    and coalesce(a.job_id, o.job_id) is not null
                  order by la.job_id, la.number) t
            where l.id = t.job_id
              and l.wanted
              and l.refusal is null
            """;

    /** One that cannot be read is about no job: it is never wanted, and told all the same. */
    static final String KEEP_REFUSALS = """
            insert into replay_refusal (resolution_id, number, key, reason, message)
            select ?, row_number() over (order by l.failed_at, l.key), l.key_text, l.refusal, l.message
            from (select ?::timestamptz as since, ?::timestamptz as until) t
            cross join letter l
            where l.refusal is not null
              and not l.here
              and (l.wanted or l.id is null)
              and (t.since is null or l.failed_at >= t.since)
              and (t.until is null or l.failed_at < t.until)
            """;

    /** The letters of which rows are to be made. */
    static final String CHOOSE = """
            update letter l
            set restored = true
            from %s f
            cross join (select l.*, 'failed' as status
                        from letter l
                        where l.wanted
                          and not l.here
                          and l.refusal is null) j
            cross join lateral (select j.labels) p
            where l.key = j.key
              and %s
            """.formatted(FilterSql.GIVEN, FilterSql.MATCHES);

    /**
     * What came in between stays as it is, and counts as here. The version is above all that the job's events can have had in
     * its former life. Of a record of ours that was put aside nobody knows the attempts: they had ended when it was sent.
     */
    static final String RESTORE = """
            with added as (
              insert into job (id, status, model, lane, reference, batch_id, max_attempts, attempt, tries_from, version,
                               estimated_usd, reserve_usd, error_class, error_message, error_retryable, created_at, settled_at)
              select id, 'failed', model, lane, reference, batch_id, max_attempts, attempt,
                     case when error_class = 'unknown_job' then attempt else 0 end, (extract(epoch from now()) * 1000)::bigint,
                     estimated_usd, reserve_usd, error_class, error_message, error_retryable, created_at, failed_at
              from letter
              where restored
              order by id
              on conflict (id) do nothing
              returning id
            )
            update letter
            set restored = false, here = true
            where restored
              and id not in (select id from added)
            """;

    static final String ADD_PAYLOADS = """
            insert into job_payload (job_id, input, labels, created_at, model, reference)
            select id, input, labels, created_at, model, reference
            from letter
            where restored
            order by id
            """;

    static final String ADD_MARKS = """
            insert into restored_job (job_id, letter_key, active_at, input_key, clipless_key)
            select id, key_text, active_at, input_key, clipless_key
            from letter
            where restored
            order by id
            """;

    /** An attempt whose outcome the letter does not tell may be charged as its job's reservation would have been. */
    static final String ADD_ATTEMPTS = """
            insert into attempt (job_id, number, status, worker_id, prediction_id, claimed_at, submitted_at, accepted_at,
                                 completed_at, polls, inference_ms, price_usd, reserved_usd, charged_usd, refunded_usd, budget_day,
                                 error_class, error_message, error_retryable)
            select l.id, a.number, a.status, '00000000-0000-0000-0000-000000000000', a.prediction_id, c.claimed_at,
                   a.submitted_at, a.accepted_at, a.completed_at, a.polls, a.inference_ms, a.charged_usd,
                   case when a.prediction_id is null and a.status = 'failed' then coalesce(l.reserve_usd, 0) else 0 end,
                   a.charged_usd, a.refunded_usd, (c.claimed_at at time zone 'utc')::date,
                   a.error_class, a.error_message, a.error_retryable
            from letter l
            join letter_attempt a on a.job_id = l.id and a.wanted
            cross join lateral (select coalesce(a.submitted_at, a.accepted_at, a.completed_at, l.failed_at) as claimed_at) c
            where l.restored
            order by l.id, a.number
            on conflict do nothing
            """;

    /**
     * What the provider may still be at is looked at until it forgets it, as it was before. Of a prediction that ended, the
     * provider's own errors of these classes are told as ones that a retry may mend.
     */
    static final String ADD_LOOKOUTS = """
            insert into lookout (prediction_id, model, reason, made_at)
            select a.prediction_id, l.model, case when a.error_class = 'provider_error' then 'unknown' else 'deadline' end,
                   coalesce(a.accepted_at, a.claimed_at)
            from letter l
            join attempt a on a.job_id = l.id
            where l.restored
              and a.status = 'failed'
              and a.error_class in ('provider_timeout', 'provider_error')
              and not a.error_retryable
              and a.prediction_id is not null
              and coalesce(a.accepted_at, a.claimed_at) > now() - make_interval(secs => ?)
            order by a.prediction_id
            on conflict (prediction_id) do nothing
            """;

    /**
     * Such a job is taken for one that was removed by rule, and what that cost still counts: nothing is removed of the sums of days and
     * batches. All jobs of a batch were made in one day.
     */
    private static final String IS_COUNTED = """
            exists (select 1
                    from past_jobs p
                    where p.batch_id = coalesce(l.batch_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
                      and p.model = l.model
                      and (l.batch_id is not null or p.day = (l.created_at at time zone 'utc')::date))""";

    /** The rows locked as claims do it, the day first and then the batches in id order (see {@link Committed}). */
    static final String COMMIT_DAYS = """
            insert into budget_day as d (day, committed_usd)
            select a.budget_day, sum(greatest(coalesce(a.charged_usd, a.reserved_usd) - coalesce(a.refunded_usd, 0), 0))
            from letter l
            join attempt a on a.job_id = l.id
            where l.restored
              and a.status in ('completed', 'failed')
              and not %s
            group by a.budget_day
            having sum(greatest(coalesce(a.charged_usd, a.reserved_usd) - coalesce(a.refunded_usd, 0), 0)) > 0
            order by a.budget_day
            on conflict (day) do update set committed_usd = d.committed_usd + excluded.committed_usd
            """.formatted(IS_COUNTED);

    static final String COMMIT_BATCHES = """
            with spent as (
              select l.batch_id, sum(greatest(coalesce(a.charged_usd, a.reserved_usd) - coalesce(a.refunded_usd, 0), 0)) as usd
              from letter l
              join attempt a on a.job_id = l.id
              where l.restored
                and l.batch_id is not null
                and a.status in ('completed', 'failed')
                and not %s
              group by l.batch_id
            ), locked as materialized (
              select b.id
              from batch b
              where b.id in (select batch_id from spent where usd > 0)
              order by b.id
              for update
            )
            update batch b
            set committed_usd = b.committed_usd + s.usd
            from locked k
            join spent s on s.batch_id = k.id
            where b.id = k.id
            """.formatted(IS_COUNTED);

    /** Rows that were here and those that were restored alike. */
    static final String ADD_ITEMS = """
            insert into resolution_item (resolution_id, job_id, attempt, replays, model, error_class, estimated_usd)
            select ?, j.id, j.attempt, j.replays, j.model, j.error_class,
                   round(j.estimated_usd * coalesce(pf.factor, 1), 6)
            from %s f
            cross join letter l
            join job j on j.id = l.id
            join job_payload p on p.job_id = j.id
            left join price_factor pf on pf.model = j.model
            where l.wanted
              and %s
            """.formatted(FilterSql.GIVEN, FilterSql.MATCHES);

    /**
     * Models that the history is to be asked about, and from when on. Jobs that were restored before count until they are
     * replayed.
     */
    static final String TO_ASK = """
            select h.model, min(h.active_at) as since
            from (select ?::timestamptz as since, ?::timestamptz as until, ?::text as model) t
            cross join letter_head h
            left join job j on j.id = h.id
            left join restored_job r on r.job_id = h.id
            where (t.since is null or h.failed_at >= t.since)
              and (t.until is null or h.failed_at < t.until)
              and (t.model is null or h.model = t.model)
              and (j.id is null or (r.job_id is not null and j.status = 'failed' and j.replays = 0))
            group by h.model
            order by h.model
            """;

    /** Keys of letters that stand beside the one which their job's row writes. */
    static final String OTHER_KEYS = """
            select l.key
            from (select ?::timestamptz as since, ?::timestamptz as until) t
            cross join letter l
            join job j on j.id = l.id
            where not l.own_key
              and (t.since is null or l.failed_at >= t.since)
              and (t.until is null or l.failed_at < t.until)
            """;

    /**
     * Under a job's own key there may stand what was put aside: a bad record of its id, before or after a good one became the job.
     * What its row is goes there, which is nothing for one that is not failed. Through the events, whose publisher sees the row as it
     * is then: one that fails meanwhile keeps its letter.
     */
    static final String WRITE_ANEW = """
            insert into event (job_id, version, status, attempt, cancel_requested, letter_only)
            select j.id, j.version, j.status, j.attempt, j.cancel_requested, true
            from (select ?::timestamptz as since, ?::timestamptz as until) t
            cross join letter l
            join job j on j.id = l.id
            where l.own_key
              and (j.status <> 'failed' or j.settled_at <> l.failed_at)
              and (t.since is null or l.failed_at >= t.since)
              and (t.until is null or l.failed_at < t.until)
            order by j.id
            """;

    private LetterSql() {}
}
