-- Lanes and fairness: batches of a lane are dispatched in turn, and a bulk claim knows of interactive jobs that wait for a permit.

-- Before anything is held: claims of older processes wait, and neither ends the other.
lock table job in access exclusive mode;

create table dispatch_turn (
    lane     text not null,
    batch_id uuid not null,
    constraint dispatch_turn_pk primary key (lane),
    constraint dispatch_turn_lane_known check (lane in ('interactive', 'bulk'))
);
comment on table dispatch_turn is 'Where dispatch stopped: the batch that was served last. The next step begins with the one after it, so that shares are equal also when a step takes fewer jobs than there are batches.';
comment on column dispatch_turn.batch_id is 'ffffffff-ffff-ffff-ffff-ffffffffffff = the jobs of no batch';
insert into dispatch_turn values ('interactive', 'ffffffff-ffff-ffff-ffff-ffffffffffff'), ('bulk', 'ffffffff-ffff-ffff-ffff-ffffffffffff');

-- These indexes have their rows in words that no other index knows, so that whoever uses them gets them (ADR 0013): a queued
-- job is one that is due at some time. The expression is that of BatchTurns, to the letter.
create index job_due_in_turn on job (lane, (coalesce(batch_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)), dispatch_at, id)
    where dispatch_at is not null and sends = 0;
create index job_sent on job (dispatch_at, id) where dispatch_at is not null and sends > 0;
drop index job_due;
drop index job_dispatched;

alter table job add column dispatched_at timestamptz;
comment on column job.dispatched_at is 'when it was last given to Kafka; null = never';
create index job_interactive_sent on job (dispatched_at) where dispatch_at is not null and sends > 0 and lane = 'interactive';
