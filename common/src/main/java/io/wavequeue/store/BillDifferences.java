package io.wavequeue.store;

import io.wavequeue.job.DifferenceKind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * Finds where the bill differs from what we know, and resolves what no longer does.
 *
 * <p>A resolved difference is opened again only when its amount has changed since: so one that a person resolved stays so.
 */
final class BillDifferences {
    /** The end of an insert into {@code bill_difference as d}, and of its statement: how many are new, by kind. */
    private static final String OPEN = """
              on conflict (kind, subject) do update
              set billed_usd = excluded.billed_usd, stopping_usd = excluded.stopping_usd, resolved_at = null,
                  first_seen_at = case when d.resolved_at is null then d.first_seen_at else now() end
              where d.billed_usd <> excluded.billed_usd
              returning d.kind, d.first_seen_at
            )
            select kind, count(*)::int as opened
            from opened
            where first_seen_at = now()
            group by kind
            """;

    /**
     * A price above what was reserved, or a person accepted since, stops the model; a micro-dollar is rounding. What lies
     * between the catalogue's price and an accepted one is no difference any more.
     */
    private static final String OF_OURS = """
            with billed as (
              select r.subject, a.prediction_id, a.job_id, a.number, j.model, a.price_usd,
                     least(a.price_usd, j.estimated_usd) as lowest_usd,
                     greatest(a.price_usd, a.reserved_usd, coalesce(j.reserve_usd, j.estimated_usd) * f.factor)
                       + 0.000001 as limit_usd,
                     f.factor is not null as accepted,
                     count(*) filter (where r.kind = 'deduct') as charges,
                     max(r.usd) filter (where r.kind = 'deduct') as highest_usd,
                     coalesce(sum(r.usd) filter (where r.kind = 'refund'), 0) as refunded_usd,
                     sum(case r.kind when 'deduct' then r.usd else - r.usd end) as net_usd
              from bill_row r
              join attempt a on a.prediction_id = r.prediction_id
              join job j on j.id = a.job_id
              left join price_factor f on f.model = j.model
              where r.subject = any(?)
              group by r.subject, a.job_id, a.number, j.id, f.model
            ), found as (
              select 'charged_twice' as kind, null::numeric as stopping_usd, b.*
              from billed b
              where b.charges > 1
                and b.net_usd > b.highest_usd
              union all
              select 'other_price' as kind, case when b.highest_usd > b.limit_usd then b.highest_usd end as stopping_usd, b.*
              from billed b
              where b.highest_usd <> b.price_usd
                and not (b.accepted and b.highest_usd between b.lowest_usd and b.limit_usd)
                and (b.refunded_usd = 0 or b.net_usd not in (0, b.price_usd))
            ), resolved as (
              update bill_difference d
              set resolved_at = now()
              from billed b
              where d.subject = b.subject
                and d.kind <> 'refund_missing'
                and d.resolved_at is null
                and not exists (select 1 from found f where f.subject = d.subject and f.kind = d.kind)
            ), opened as (
              insert into bill_difference as d
                (kind, subject, prediction_id, job_id, attempt, model, expected_usd, billed_usd, stopping_usd)
              select f.kind, f.subject, f.prediction_id, f.job_id, f.number, f.model, f.price_usd, f.net_usd, f.stopping_usd
              from found f
              order by f.kind, f.subject
            """ + OPEN;

    /**
     * A model that the bill names in another form than ours is taken for any. While an attempt that may have made the
     * prediction is being submitted, nothing is said.
     */
    private static final String OF_UNKNOWN = """
            with unknown as (
              select r.subject, r.prediction_id, max(r.model) as model, min(r.billed_at) as billed_at,
                     sum(case r.kind when 'deduct' then r.usd else - r.usd end) as net_usd
              from bill_row r
              where r.subject = any(?)
                and not exists (select 1 from attempt a where a.prediction_id = r.prediction_id)
              group by r.subject, r.prediction_id
            ), candidate as (
              select u.subject, bool_or(a.status = 'submitting') as waits, count(*) as candidates,
                     (array_agg(a.job_id))[1] as job_id, (array_agg(a.number))[1] as number
              from unknown u
              cross join (select make_interval(secs => ?) as slack) s
              join attempt a on a.prediction_id is null
                            and a.claimed_at between u.billed_at - s.slack and u.billed_at + s.slack
              join job j on j.id = a.job_id
                        and (u.model is null or u.model = j.model or position('/' in u.model) = 0)
              where u.prediction_id is not null
              group by u.subject
            ), judged as (
              select u.*, case when c.subject is null then 'not_ours' else 'charged_without_job' end as kind,
                     case when c.candidates = 1 then c.job_id end as job_id,
                     case when c.candidates = 1 then c.number end as number
              from unknown u
              left join candidate c on c.subject = u.subject
              where not coalesce(c.waits, false)
            ), row_listed as (
              update bill_row r
              set listed = true
              from judged u
              where r.subject = u.subject
                and not r.listed
            ), resolved as (
              update bill_difference d
              set resolved_at = now()
              from judged u
              where d.subject = u.subject
                and d.kind in ('not_ours', 'charged_without_job')
                and d.resolved_at is null
                and (d.kind <> u.kind or u.net_usd = 0)
            ), opened as (
              insert into bill_difference as d
                (kind, subject, prediction_id, job_id, attempt, model, expected_usd, billed_usd)
              select u.kind, u.subject, u.prediction_id, u.job_id, u.number, u.model, 0, u.net_usd
              from judged u
              where u.net_usd <> 0
              order by u.kind, u.subject
            """ + OPEN;

    /** A prediction that is still looked at has not failed; only we have waited no longer. */
    private static final String REFUNDS = """
            with missing as (
              select a.prediction_id, a.job_id, a.number, j.model, s.charged_usd - s.refunded_usd as net_usd
              from attempt a
              join job j on j.id = a.job_id
              cross join (select now() - make_interval(secs => ?) as latest) t
              left join lookout l on l.prediction_id = a.prediction_id
              cross join lateral (select coalesce(sum(r.usd) filter (where r.kind = 'deduct'), 0) as charged_usd,
                                         coalesce(sum(r.usd) filter (where r.kind = 'refund'), 0) as refunded_usd
                                  from bill_row r
                                  where r.subject = a.prediction_id) s
              where a.status = 'failed'
                and a.charged_usd > coalesce(a.refunded_usd, 0)
                and a.completed_at < t.latest
                and (l.prediction_id is null or l.ended_at < t.latest)
                and s.charged_usd > s.refunded_usd
            ), resolved as (
              update bill_difference d
              set resolved_at = now()
              from attempt a
              where d.kind = 'refund_missing'
                and d.resolved_at is null
                and a.prediction_id = d.prediction_id
                and (a.status <> 'failed' or coalesce(a.refunded_usd, 0) >= a.charged_usd)
            ), opened as (
              insert into bill_difference as d
                (kind, subject, prediction_id, job_id, attempt, model, expected_usd, billed_usd)
              select 'refund_missing', m.prediction_id, m.prediction_id, m.job_id, m.number, m.model, 0, m.net_usd
              from missing m
              order by m.prediction_id
            """ + OPEN;

    private BillDifferences() {}

    /** Predictions of ours: charged twice, or at another price. Those that were unknown are resolved. */
    static Map<DifferenceKind, Integer> ofOurs(Connection connection, Collection<String> subjects) throws SQLException {
        try (Bind bind = Bind.of(connection, OF_OURS)) {
            return opened(bind.array("text", subjects, subject -> subject));
        }
    }

    /** Predictions that no attempt has. */
    static Map<DifferenceKind, Integer> ofUnknown(Connection connection, Collection<String> subjects, Duration slack)
            throws SQLException {
        try (Bind bind = Bind.of(connection, OF_UNKNOWN)) {
            return opened(bind.array("text", subjects, subject -> subject).seconds(slack));
        }
    }

    /** Refunds that should have come; only right after the bill was read to its end. */
    static Map<DifferenceKind, Integer> refunds(Connection connection, Duration after) throws SQLException {
        try (Bind bind = Bind.of(connection, REFUNDS)) {
            return opened(bind.seconds(after));
        }
    }

    static DifferenceKind kind(String code) {
        return DifferenceKind.valueOf(code.toUpperCase(Locale.ROOT));
    }

    private static Map<DifferenceKind, Integer> opened(Bind bind) throws SQLException {
        Map<DifferenceKind, Integer> opened = new EnumMap<>(DifferenceKind.class);
        bind.rows(row -> opened.put(kind(row.getString("kind")), row.getInt("opened")));
        return opened;
    }
}
