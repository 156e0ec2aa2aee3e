-- Batches are stopped and bounded by their own row, which dispatch and claims read; the jobs' rows follow (deploy/docs/adr/0019).

-- Before anything is held, in the order of those who lock several: the bill's reader, lists of batches, claims. An older process
-- beside this one waits, and neither ends the other.
lock table bill_cursor, batch, job in access exclusive mode;

alter table batch
    add column stop          text,
    add column budget_usd    numeric(14,6),
    add column committed_usd numeric(14,6) not null default 0,
    add column follow_at     timestamptz,
    add constraint batch_stop_known check (stop in ('paused', 'cancelled')),
    add constraint batch_budget_positive check (budget_usd > 0),
    add constraint batch_committed_not_negative check (committed_usd >= 0);
comment on column batch.stop is 'null = its jobs go; else none of them is dispatched or claimed';
comment on column batch.budget_usd is 'null = no limit; else reserved and charged together stay within it';
comment on column batch.committed_usd is 'reserved by open attempts plus charged by ended ones, as in budget_day. Written with that, and after it';
comment on column batch.follow_at is 'when the jobs'' rows are to be compared with this one (again); null = they have followed it';
create index batch_to_follow on batch (follow_at) where follow_at is not null;

update batch b
set committed_usd = s.usd
from (select j.batch_id,
             sum(case
                   when a.status in ('refused', 'not_created') then 0
                   when a.status in ('completed', 'failed')
                     then greatest(coalesce(a.charged_usd, a.reserved_usd) - coalesce(a.refunded_usd, 0), 0)
                   else a.reserved_usd
                 end) as usd
      from job j
      join attempt a on a.job_id = j.id
      where j.batch_id is not null
      group by j.batch_id) s
where b.id = s.batch_id;

alter table job
    add column held_by_batch boolean not null default false,
    add constraint job_held_by_batch_when_held check (not held_by_batch or status = 'held');
comment on column job.held_by_batch is 'its batch is paused, or its batch''s budget does not cover it: nothing that the account does lets it go';

-- What the account lets go is looked for four times a second: it must not pass by all that waits for its batch.
drop index job_held;
create index job_held on job (hold_reason, created_at, id) where status = 'held' and not held_by_batch;
-- In words that no other index knows: a held job is one that has a reason.
create index job_held_of_batch on job (batch_id, hold_reason, created_at, id) where hold_reason is not null and batch_id is not null;
