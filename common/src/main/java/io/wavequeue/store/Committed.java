package io.wavequeue.store;

/**
 * How committed money moves: that of the day and that of the batch by the same amounts, in one statement.
 *
 * <p>An attempt commits its reservation while it is open; its charge less its refund, or its reservation where no charge is
 * known, once it completed or failed; nothing when it was refused or not created.
 */
final class Committed {
    /**
     * Further CTEs of a statement that has the CTE {@code budget_change (batch_id, budget_day, change_usd)}. Rows are locked as
     * claims do it, the day first and then the batches in id order. Money that comes back may cover what is held for want of it.
     *
     * <p>Never below zero: what a process of an older version claimed was not added to its batch.
     */
    static final String MOVED = """
            budget_changed as (
              update budget_day d
              set committed_usd = greatest(d.committed_usd + s.change_usd, 0)
              from (select budget_day, sum(change_usd) as change_usd
                    from budget_change
                    group by budget_day
                    having sum(change_usd) <> 0) s
              where d.day = s.budget_day
              returning d.day
            ), batch_locked as materialized (
              select b.id, s.change_usd
              from (select batch_id, sum(change_usd) as change_usd
                    from budget_change
                    where batch_id is not null
                      and (select count(*) from budget_changed) >= 0
                    group by batch_id
                    having sum(change_usd) <> 0
                    order by batch_id) s
              cross join lateral (select id from batch where id = s.batch_id limit 1 for update) b
            ), batch_changed as (
              update batch b
              set committed_usd = greatest(b.committed_usd + l.change_usd, 0),
                  follow_at = case when b.budget_usd is not null and l.change_usd < 0 then now() else b.follow_at end
              from batch_locked l
              where b.id = l.id
            )
            """;

    private Committed() {}
}
