package io.wavequeue.store;

import java.util.Locale;

/**
 * What is removed once it is old enough, in the order in which a pass goes through it: what keeps something else comes first.
 *
 * <p>A rule has two statements. The first finds what is old, from a place on, by an index in that order; it knows nothing of
 * what else keeps a row. The second locks those rows, skipping locked ones, leaves out what must stay, and removes the rest. What
 * keeps a row is asked by {@code (select … limit 1) is null}: by key, row by row, whatever the planner believes (ADR 0013).
 */
public enum RetentionRule {
    /** Decisions about many, once they ended. One that has not ended keeps its jobs. */
    RESOLUTIONS(Kept.JOBS, """
            select ended_at as at, id::text as id
            from resolution
            where (ended_at, id) > (?, ?::uuid)
              and ended_at < now() - make_interval(secs => ?)
            order by ended_at, id
            limit ?
            """, """
            with free as (
              select id
              from resolution
              where id = any(?::text[]::uuid[])
                and ended_at < now() - make_interval(secs => ?)
              order by id
              for update skip locked
            )
            delete from resolution r
            using free f
            where r.id = f.id
            returning 1
            """),

    /** Jobs that ended, with all rows that are theirs; their files are handed to {@code removal}, their sums to {@code past_jobs}. */
    JOBS(Kept.JOBS, """
            select created_at as at, job_id::text as id
            from job_payload
            where (created_at, job_id) > (?, ?::uuid)
              and created_at < now() - make_interval(secs => ?)
            order by created_at, job_id
            limit ?
            """, RetentionSql.REMOVE_JOBS),

    /** Batches of which no job is left. */
    BATCHES(Kept.JOBS, """
            select created_at as at, id::text as id
            from batch
            where (created_at, id) > (?, ?::uuid)
              and created_at < now() - make_interval(secs => ?)
            order by created_at, id
            limit ?
            """, """
            with free as (
              select b.id
              from batch b
              where b.id = any(?::text[]::uuid[])
                and b.created_at < now() - make_interval(secs => ?)
                and (select true from job j where j.batch_id = b.id limit 1) is null
              order by b.id
              for update of b skip locked
            )
            delete from batch b
            using free f
            where b.id = f.id
            returning 1
            """),

    /** Plans that became no batch, or whose batch is gone. */
    PLANS(Kept.PLANS, """
            select created_at as at, id::text as id
            from plan
            where (created_at, id) > (?, ?::uuid)
              and created_at < now() - make_interval(secs => ?)
            order by created_at, id
            limit ?
            """, """
            with free as (
              select id
              from plan
              where id = any(?::text[]::uuid[])
                and created_at < now() - make_interval(secs => ?)
                and batch_id is null
              order by id
              for update skip locked
            )
            delete from plan p
            using free f
            where p.id = f.id
            returning 1
            """),

    /** Outputs of predictions that no job has, unless somebody may still adopt one or its charge is in question. */
    UNASSIGNED(Kept.JOBS, """
            select archived_at as at, id::text as id
            from output
            where job_id is null
              and archived_at is not null
              and (archived_at, id) > (?, ?::bigint)
              and archived_at < now() - make_interval(secs => ?)
            order by archived_at, id
            limit ?
            """, RetentionSql.REMOVE_UNASSIGNED),

    /** What was looked at for long enough. A row says when its attempt's refund was to be expected, as long as there is one. */
    LOOKOUTS(Kept.JOBS, """
            select ended_at as at, prediction_id as id
            from lookout
            where ended_at is not null
              and (ended_at, prediction_id) > (?, ?)
              and ended_at < now() - make_interval(secs => ?)
            order by ended_at, prediction_id
            limit ?
            """, RetentionSql.REMOVE_LOOKOUTS),

    /** Lines of the bill, long after the attempts that they paid for: a line that is read again is not to look like a new one. */
    BILL_ROWS(Kept.BILL, """
            select billed_at as at, uuid as id
            from bill_row
            where (billed_at, uuid) > (?, ?)
              and billed_at < now() - make_interval(secs => ?)
            order by billed_at, uuid
            limit ?
            """, RetentionSql.REMOVE_BILL_ROWS),

    /** Differences that are resolved and of which the bill's lines are gone: so none is opened again. */
    DIFFERENCES(Kept.BILL, """
            select resolved_at as at, id::text as id
            from bill_difference
            where resolved_at is not null
              and (resolved_at, id) > (?, ?::bigint)
              and resolved_at < now() - make_interval(secs => ?)
            order by resolved_at, id
            limit ?
            """, """
            with free as (
              select d.id
              from bill_difference d
              where d.id = any(?::text[]::bigint[])
                and d.resolved_at < now() - make_interval(secs => ?)
                and (select true from bill_row r where r.subject = d.subject limit 1) is null
              order by d.id
              for update of d skip locked
            )
            delete from bill_difference d
            using free f
            where d.id = f.id
            returning 1
            """),

    /** Clips that no request asked for lately, and that no request which is kept names. */
    MEDIA(Kept.MEDIA, """
            select used_at as at, sha256 as id
            from media
            where (used_at, sha256) > (?, ?)
              and used_at < now() - make_interval(secs => ?)
            order by used_at, sha256
            limit ?
            """, RetentionSql.REMOVE_MEDIA),

    /** Where the provider kept copies of clips: what its history of some days may show. */
    ADDRESSES(Kept.JOBS, """
            select made_at as at, url as id
            from media_address
            where (made_at, url) > (?, ?)
              and made_at < now() - make_interval(secs => ?)
            order by made_at, url
            limit ?
            """, """
            delete from media_address
            where url = any(?)
              and made_at < now() - make_interval(secs => ?)
            returning 1
            """),

    /** Workers that ended, once nobody has to take over what they held. */
    WORKERS(Kept.JOBS, """
            select ended_at as at, id::text as id
            from worker
            where (ended_at, id) > (?, ?::uuid)
              and ended_at < now() - make_interval(secs => ?)
              and id <> '00000000-0000-0000-0000-000000000000'
            order by ended_at, id
            limit ?
            """, """
            delete from worker w
            where w.id = any(?::text[]::uuid[])
              and w.ended_at < now() - make_interval(secs => ?)
              and (select true from job j where j.worker_id = w.id and j.status in ('submitting', 'running') limit 1) is null
            returning 1
            """);

    /** By whose setting something is kept. */
    enum Kept {
        JOBS,
        PLANS,
        BILL,
        MEDIA
    }

    private final Kept kept;
    private final String next;
    private final String remove;

    RetentionRule(Kept kept, String next, String remove) {
        this.kept = kept;
        this.next = next;
        this.remove = remove;
    }

    /** So many rows of it are as much as a chunk should be. A plan and a decision have up to a hundred thousand rows of their own. */
    int atOnce(int most) {
        return this == PLANS || this == RESOLUTIONS ? 1 : most;
    }

    /** As metrics and the log name it. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    Kept kept() {
        return kept;
    }

    /** Parameters: at and id of the place, seconds, how many. Answers with {@code at} and {@code id}. */
    String next() {
        return next;
    }

    /** Parameters: ids, seconds; for jobs also the seconds of their files. A row for each that was removed. */
    String remove() {
        return remove;
    }
}
