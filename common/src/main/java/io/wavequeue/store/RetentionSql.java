package io.wavequeue.store;

/** The longer statements of {@link RetentionRule}. */
final class RetentionSql {
    /**
     * A job stays while anything about it is not settled:
     *
     * <ul>
     *   <li>it has not ended, or ended too lately;
     *   <li>the bill has not been read to well past its end, when it is read at all; or its end is not published;
     *   <li>an output is not archived, or not looked at;
     *   <li>a take of a library is its, or a decision about many names it;
     *   <li>a webhook told something that nobody has judged;
     *   <li>a difference of the bill concerns it and is open;
     *   <li>one of its attempts is open; is looked at still; has a line of the bill that is not booked; or was charged, failed, and
     *       neither is the money back nor did a person say that it will not come.
     * </ul>
     *
     * The outputs' files are due at once, or when they are old enough themselves; without a number they stay. Evidence that is not
     * judged and lines that are not booked are asked for in words that no partial index knows (ADR 0013): others' lines are never booked.
     */
    static final String REMOVE_JOBS = """
            with free as (
              select j.id, j.status, j.model, coalesce(j.batch_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff') as batch_id,
                     (j.created_at at time zone 'UTC')::date as day, j.settled_at, j.estimated_usd
              from unnest(?::text[]::uuid[]) as c(id)
              join job j on j.id = c.id
              where j.settled_at < now() - make_interval(secs => ?)
                and j.settled_at < coalesce((select position - interval '8 days' from bill_cursor), 'infinity')
                and j.settled_at < coalesce((select e.at - interval '1 day'
                                             from event_cursor c
                                             cross join lateral (select at
                                                                 from event
                                                                 where (xid, id) > (c.xid, c.event_id)
                                                                 order by xid, id
                                                                 limit 1) e), 'infinity')
                and (select true from take t where t.job_id = j.id limit 1) is null
                and (select true
                     from output o
                     where o.job_id = j.id
                       and (o.archive_at is not null or o.check_at is not null)
                     limit 1) is null
                and (select true from resolution_item i where i.job_id = j.id limit 1) is null
                and (select true
                     from webhook_evidence w
                     where w.job_id = j.id
                       and coalesce(w.judged_at, 'infinity') = 'infinity'
                     limit 1) is null
                and (select true from bill_difference d where d.job_id = j.id and d.resolved_at is null limit 1) is null
                and (select true
                     from attempt a
                     where a.job_id = j.id
                       and (a.status in ('submitting', 'accepted', 'uncertain')
                            or (select true
                                from lookout l
                                where l.prediction_id = a.prediction_id and l.ended_at is null
                                limit 1)
                            or (select true
                                from bill_row r
                                where r.subject = a.prediction_id and r.booked is not true
                                limit 1)
                            or (select true
                                from bill_difference d
                                where d.subject = a.prediction_id and d.resolved_at is null
                                limit 1)
                            or (a.status = 'failed'
                                and a.charged_usd > coalesce(a.refunded_usd, 0)
                                and (select true from bill_row r where r.subject = a.prediction_id limit 1)
                                and (select true
                                     from bill_difference d
                                     where d.kind = 'refund_missing'
                                       and d.subject = a.prediction_id
                                       and d.resolved_at is not null
                                     limit 1) is null))
                     limit 1) is null
              order by j.id
              for update of j skip locked
            ), file_named as (
              insert into removal as r (folder, file, remove_at)
              select 'outputs', o.file, max(greatest(now(), o.archived_at + make_interval(secs => k.seconds)))
              from (select ?::float8 as seconds) k
              cross join free f
              join output o on o.job_id = f.id
              where k.seconds is not null
                and o.file is not null
              group by o.file
              on conflict (folder, file) do update set remove_at = excluded.remove_at
            ), past as (
              insert into past_jobs as p
                (batch_id, model, day, jobs, succeeded, failed, cancelled, archived, estimated_usd, charged_usd, refunded_usd, ended_at)
              select f.batch_id, f.model, f.day, count(*),
                     count(*) filter (where f.status = 'succeeded'),
                     count(*) filter (where f.status = 'failed'),
                     count(*) filter (where f.status = 'cancelled'),
                     count(*) filter (where o.whole),
                     sum(f.estimated_usd), sum(a.charged_usd), sum(a.refunded_usd),
                     max(greatest(f.settled_at, o.archived_at))
              from free f
              cross join lateral (select sum(charged_usd) as charged_usd, sum(refunded_usd) as refunded_usd
                                  from attempt
                                  where job_id = f.id) a
              cross join lateral (select bool_and(archived_at is not null) as whole, max(archived_at) as archived_at
                                  from output
                                  where job_id = f.id) o
              group by f.batch_id, f.model, f.day
              order by f.batch_id, f.model, f.day
              on conflict (batch_id, model, day) do update
              set jobs = p.jobs + excluded.jobs,
                  succeeded = p.succeeded + excluded.succeeded,
                  failed = p.failed + excluded.failed,
                  cancelled = p.cancelled + excluded.cancelled,
                  archived = p.archived + excluded.archived,
                  estimated_usd = coalesce(p.estimated_usd + excluded.estimated_usd, p.estimated_usd, excluded.estimated_usd),
                  charged_usd = coalesce(p.charged_usd + excluded.charged_usd, p.charged_usd, excluded.charged_usd),
                  refunded_usd = coalesce(p.refunded_usd + excluded.refunded_usd, p.refunded_usd, excluded.refunded_usd),
                  ended_at = greatest(p.ended_at, excluded.ended_at)
            )
            delete from job j
            using free f
            where j.id = f.id
            returning 1
            """;

    /** A person may adopt the prediction of a job in doubt however old that is. */
    private static final String NOBODY_MAY_ADOPT = """
            (select true
             from candidate c
             join job j on j.id = c.job_id
             where c.prediction_id = %s.prediction_id
               and j.settled_at is null
             limit 1) is null
            """;

    static final String REMOVE_UNASSIGNED = """
            with free as (
              select o.id, o.file
              from output o
              where o.id = any(?::text[]::bigint[])
                and o.job_id is null
                and o.archived_at < now() - make_interval(secs => ?)
                and o.check_at is null
                and %s
                and (select true
                     from bill_difference d
                     where d.subject = o.prediction_id and d.resolved_at is null
                     limit 1) is null
              order by o.id
              for update of o skip locked
            ), file_named as (
              insert into removal as r (folder, file)
              select distinct 'outputs', file
              from free
              where ?::float8 is not null
              on conflict (folder, file) do update set remove_at = excluded.remove_at
            )
            delete from output o
            using free f
            where o.id = f.id
            returning 1
            """.formatted(NOBODY_MAY_ADOPT.formatted("o"));

    static final String REMOVE_LOOKOUTS = """
            with free as (
              select l.prediction_id
              from lookout l
              where l.prediction_id = any(?)
                and l.ended_at < now() - make_interval(secs => ?)
                and (select true from attempt a where a.prediction_id = l.prediction_id limit 1) is null
                and %s
              order by l.prediction_id
              for update of l skip locked
            )
            delete from lookout l
            using free f
            where l.prediction_id = f.prediction_id
            returning 1
            """.formatted(NOBODY_MAY_ADOPT.formatted("l"));

    /** Only what lies behind the place from which the bill is read again. */
    static final String REMOVE_BILL_ROWS = """
            with free as (
              select r.uuid
              from bill_row r
              where r.uuid = any(?)
                and r.billed_at < now() - make_interval(secs => ?)
                and r.billed_at < (select position - interval '8 days' from bill_cursor)
                and (r.booked or r.listed)
                and (select true from attempt a where a.prediction_id = r.prediction_id limit 1) is null
                and (select true
                     from bill_difference d
                     where d.subject = r.subject and d.resolved_at is null
                     limit 1) is null
              order by r.uuid
              for update of r skip locked
            )
            delete from bill_row r
            using free f
            where r.uuid = f.uuid
            returning 1
            """;

    /** The index of the clips that requests name is one that is read by bitmap alone, which workers do without otherwise. */
    static final String READ_BY_BITMAP = "select set_config('enable_bitmapscan', 'on', true)";

    static final String REMOVE_MEDIA = """
            with free as (
              select m.sha256
              from media m
              where m.sha256 = any(?)
                and m.used_at < now() - make_interval(secs => ?)
                and (select true
                     from job_payload p
                     where p.input like '%media:sha256:%'
                       and media_in(p.input) @> array[m.sha256]
                     limit 1) is null
              order by m.sha256
              for update of m skip locked
            ), file_named as (
              insert into removal as r (folder, file)
              select 'media', sha256
              from free
              on conflict (folder, file) do update set remove_at = excluded.remove_at
            )
            delete from media m
            using free f
            where m.sha256 = f.sha256
            returning 1
            """;

    private RetentionSql() {}
}
