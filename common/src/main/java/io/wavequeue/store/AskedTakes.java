package io.wavequeue.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The takes that a file asks for, in a table of the transaction: what is wrong with them together, and how they compare with
 * what the library has. Set by set in SQL, so that memory does not grow with the file.
 */
final class AskedTakes {
    private static final String CREATE = """
            create temp table asked (
                ordinal       integer       not null,
                item          integer       not null,
                line          integer       not null,
                reference     text,
                take          smallint      not null,
                content_key   text          not null,
                model         text          not null,
                estimated_usd numeric(14,6),
                name          text,
                folded        text,
                cue_name      text,
                cue_folded    text,
                reuse         boolean       not null,
                fixed_seed    boolean       not null,
                job_id        uuid          not null
            ) on commit drop
            """;

    /** Without it the planner takes the table for a small one. */
    private static final String ANALYZE = "analyze asked";

    private static final String SAME_REFERENCE = """
            select item, line, reference as what, first_line
            from (select item, line, ordinal, reference,
                         first_value(item) over w as first_item, first_value(line) over w as first_line
                  from asked
                  where take = 1 and reference is not null
                  window w as (partition by reference order by ordinal)) a
            where item <> first_item
            order by ordinal
            limit ?
            """;

    private static final String SAME_WORK = """
            select item, line, reference as what, first_line
            from (select item, line, ordinal, reference,
                         first_value(item) over w as first_item, first_value(line) over w as first_line,
                         first_value(reference) over w as first_reference
                  from asked
                  where reuse and reference is not null
                  window w as (partition by content_key order by ordinal)) a
            where item <> first_item
              and reference <> first_reference
            order by ordinal
            limit ?
            """;

    /** A cue's own name may be that of its take: both are never there at once. One fault a line. */
    private static final String SAME_NAME = """
            select distinct on (item) item, line, name as what, first_line, first_reference = reference as within
            from (select ordinal, item, line, reference, take, name,
                         first_value(line) over w as first_line, first_value(reference) over w as first_reference,
                         first_value(take) over w as first_take
                  from (select ordinal, item, line, reference, take, name, folded
                        from asked
                        where name is not null
                        union all
                        select ordinal, item, line, reference, null, cue_name, cue_folded
                        from asked
                        where cue_name is not null and take = 1) n
                  window w as (partition by folded order by ordinal, take nulls last)) c
            where reference is distinct from first_reference
               or (take is not null and take <> first_take)
            order by item, ordinal, take nulls last
            limit ?
            """;

    /**
     * What belongs to a take is read by its key, whatever the statistics say (ADR 0013). A take that was made again and came to
     * nothing is made again: what it was before is not wanted. Outputs that came too late for their job are no result.
     * A job that was replayed with a corrected input is what the corrected line asks for.
     */
    private static final String COMPARE = """
            create temp table compared on commit drop as
            select c.*, u.job_id as reused_job,
                   case when u.job_id is null then c.base else 'reused' end as action
            from (select a.*, t.content_key as previous_key, t.job_id as previous_job, coalesce(t.retakes, 0) as retakes,
                         case
                           when t.job_id is null then 'new'
                           when t.content_key <> a.content_key and s.content_key is distinct from a.content_key
                             then 'changed'
                           when s.job_id is null or (s.ended and not o.has_result)
                             then case when t.retakes > 0 then 'retake' else 'new' end
                           when a.fixed_seed then 'unchanged'
                           when t.decision = 'rejected'
                             and not exists (select 1
                                             from take k
                                             where k.library = t.library
                                               and k.reference = t.reference
                                               and k.decision = 'picked') then 'retake'
                           when o.unwanted is not null and t.retakes < ? and t.decision is null then 'retake'
                           else 'unchanged'
                         end as base,
                         case
                           when t.job_id is null then null
                           when t.content_key <> a.content_key and s.content_key is distinct from a.content_key
                             then 'model, input or source clip is another'
                           when s.job_id is null then 'its job is not kept any more'
                           when s.ended and not o.has_result then coalesce(o.lost, s.reason)
                           when t.decision = 'rejected' then 'rejected'
                           else o.unwanted
                         end as reason
                  from asked a
                  left join take t on t.library = ? and t.reference = a.reference and t.number = a.take
                  left join lateral (
                    select j.id as job_id, j.status in ('succeeded', 'failed', 'cancelled') as ended,
                           concat_ws(': ', j.status, j.error_class, left(j.error_message, 200)) as reason, p.content_key
                    from job j
                    left join lateral (select content_key from job_payload where job_id = j.id limit 1) p on true
                    where j.id = t.job_id
                    limit 1
                  ) s on true
                  left join lateral (
                    select count(*) filter (where r.archived_at is not null or r.archive_at is not null) > 0 as has_result,
                           max('its output was lost') filter (where r.archived_at is null and r.archive_at is null) as lost,
                           max(w.found) as unwanted
                    from output r
                    left join lateral (
                      select string_agg(f, ', ') as found
                      from (select 'audio: ' || (r.audio ->> 'verdict') as f, r.audio ->> 'verdict' as code
                            union all
                            select 'audio: ' || e, e
                            from json_array_elements_text(r.audio -> 'reasons') e) v
                      where v.code = any(?::text[])
                    ) w on true
                    where r.job_id = t.job_id
                      and r.number < %1$d
                  ) o on true) c
            left join lateral (
              select q.job_id
              from (select p.job_id, p.created_at
                    from job_payload p
                    where p.content_key = c.content_key
                      and c.base in ('new', 'changed')
                      and c.reuse
                      and ?
                    order by p.created_at desc
                    limit 20) q
              join lateral (select 1 from job j where j.id = q.job_id and j.status in ('succeeded', 'cancelled') limit 1) j on true
              join lateral (
                select bool_and(r.archived_at is not null) as is_whole,
                       bool_or(r.audio ->> 'verdict' = 'broken') as is_broken
                from output r
                where r.job_id = q.job_id
                  and r.number < %1$d
              ) o on o.is_whole and o.is_broken is not true
              order by q.created_at desc
              limit 1
            ) u on true
            """.formatted(LookoutStore.LATE_FROM);

    /** Takes that no line asks for leave their names to those that are asked for. */
    private static final String LEAVE_NAMES = """
            update take t
            set name = null, cue_name = null, place_at = now(), updated_at = now()
            from (select distinct o.reference, o.number
                  from take o
                  cross join lateral (values (lower(normalize(o.name, nfc))), (lower(normalize(o.cue_name, nfc)))) v(name)
                  join (select folded as name, reference from asked
                        union
                        select cue_folded, reference from asked) n on n.name = v.name and n.reference <> o.reference
                  where o.library = ?
                    and not exists (select 1 from asked a where a.reference = o.reference and a.take = o.number)) x
            where t.library = ?
              and t.reference = x.reference
              and t.number = x.number
            """;

    private static final String COMPARED = "select * from compared order by ordinal";

    /** Takes that the library has and the file does not ask for. */
    static final String ORPHANS = """
            select t.*
            from take t
            where t.library = ?
              and not exists (select 1 from asked a where a.reference = t.reference and a.take = t.number)
            order by t.reference, t.number
            """;

    private final Connection connection;

    private AskedTakes(Connection connection) {
        this.connection = connection;
    }

    /** Puts the spool's takes into the table. */
    static AskedTakes of(Connection connection, JobSpool spool) throws SQLException {
        AskedTakes asked = new AskedTakes(connection);
        asked.run(CREATE);
        spool.copyTakes(connection);
        asked.run(ANALYZE);
        return asked;
    }

    /** Files that would have one name, the first so many. */
    List<TakeFault> sameNames(int most) throws SQLException {
        return faults(SAME_NAME, most, TakeFault::sameName);
    }

    /** Has takes of the library that are not asked for give up names that others are to have. */
    void leaveNames(String library) throws SQLException {
        try (Bind bind = Bind.of(connection, LEAVE_NAMES)) {
            bind.text(library).text(library).update();
        }
    }

    /** What is wrong with takes that are fine each by itself, the first so many of each kind. */
    List<TakeFault> faults(int most) throws SQLException {
        List<TakeFault> faults = new ArrayList<>();
        faults.addAll(faults(SAME_REFERENCE, most, TakeFault::sameReference));
        faults.addAll(faults(SAME_WORK, most, TakeFault::sameWork));
        faults.addAll(sameNames(most));
        return faults;
    }

    private List<TakeFault> faults(String sql, int most, Bind.Row<TakeFault> reader) throws SQLException {
        try (Bind bind = Bind.of(connection, sql)) {
            return bind.integer(most).rows(reader);
        }
    }

    /** Compares them with the library, into the table {@code compared}. */
    Comparison compare(@Nullable String library, LibraryWish wish) throws SQLException {
        try (Bind bind = Bind.of(connection, COMPARE)) {
            bind.integer(wish.mostRetakes())
                    .text(library)
                    .array("text", wish.retakeOf(), code -> code)
                    .flag(wish.reuse() && library != null)
                    .update();
        }
        Comparison comparison = new Comparison();
        each(COMPARED, comparison::add);
        if (library != null) {
            try (Bind bind = Bind.of(connection, ORPHANS)) {
                bind.text(library).each(comparison::addOrphan);
            }
        }
        return comparison;
    }

    private void each(String sql, Bind.Each reader) throws SQLException {
        try (Bind bind = Bind.of(connection, sql)) {
            bind.each(reader);
        }
    }

    private void run(String sql) throws SQLException {
        try (Bind bind = Bind.of(connection, sql)) {
            bind.update();
        }
    }
}
