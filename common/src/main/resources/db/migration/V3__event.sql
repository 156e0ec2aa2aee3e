-- Events: every change of a job that others may want to know of. Written by triggers, so that no writer can forget it;
-- one insert per statement, so that batches stay cheap. Published by EventPublisher (deploy/docs/flow.md).

create table event (
    xid              xid8        not null default pg_current_xact_id(),
    id               bigint      not null generated always as identity,
    job_id           uuid        not null,
    version          bigint      not null,
    status           text        not null,
    previous_status  text,
    hold_reason      text,
    attempt          integer     not null,
    cancel_requested boolean     not null,
    error_class      text,
    error_message    text,
    error_retryable  boolean,
    letter_only      boolean     not null default false,
    at               timestamptz not null default clock_timestamp(),
    constraint event_pk primary key (xid, id),
    constraint event_status_known check (status in ('queued', 'submitting', 'uncertain', 'running', 'held', 'succeeded', 'failed', 'cancelled')),
    constraint event_version_rises check (version >= 1)
);
comment on table event is 'Changes of jobs, to be published in the order (xid, id), and kept for a time afterwards. No foreign key: an event outlives its job.';
comment on column event.xid is 'The transaction that wrote it. What lies below pg_snapshot_xmin can gain no further rows, so a cursor skips none, however late a transaction commits.';
comment on column event.version is 'job.version after the change; 0, which is refused, stands for a change that forgot to raise it';
comment on column event.previous_status is 'null = the job is new';
comment on column event.letter_only is 'no change: the job''s record on the dead-letter topic is to be written anew';

create table event_cursor (
    singleton     boolean     not null default true,
    xid           xid8        not null default '0',
    event_id      bigint      not null default 0,
    fence         bigint      not null default 0,
    lease_until   timestamptz not null default now(),
    events_topic  text,
    letters_topic text,
    constraint event_cursor_pk primary key (singleton),
    constraint event_cursor_single check (singleton)
);
comment on table event_cursor is 'One row: up to where events are published, and who publishes now.';
comment on column event_cursor.fence is 'rises with every lease and every reset; the cursor is moved only by whoever holds the last one';
comment on column event_cursor.lease_until is 'nobody else publishes before this time; longer than a sending can take';
comment on column event_cursor.events_topic is 'Kafka''s id of the topic that was published to: another id means that it was deleted and made again';
insert into event_cursor default values;

create function job_added_events() returns trigger
language plpgsql as $$
begin
  insert into event (job_id, version, status, hold_reason, attempt, cancel_requested,
                     error_class, error_message, error_retryable)
  select id, version, status, hold_reason, attempt, cancel_requested, error_class, error_message, error_retryable
  from job_after;
  return null;
end
$$;
comment on function job_added_events is 'One event per new job.';

-- The plan of the join is made once, for as many rows as the first statement happens to have: without nested loops it
-- is a hash join, which is right for one row and for thousands.
create function job_changed_events() returns trigger
language plpgsql
set enable_nestloop = off as $$
begin
  insert into event (job_id, version, status, previous_status, hold_reason, attempt, cancel_requested,
                     error_class, error_message, error_retryable)
  select a.id, case when a.version > b.version then a.version else 0 end, a.status, b.status, a.hold_reason, a.attempt,
         a.cancel_requested, a.error_class, a.error_message, a.error_retryable
  from job_after a
  join job_before b on b.id = a.id
  where a.status <> b.status
     or a.hold_reason is distinct from b.hold_reason
     or a.cancel_requested <> b.cancel_requested;
  return null;
end
$$;
comment on function job_changed_events is 'One event per job whose status, hold reason or wish to be cancelled changed.';

create trigger job_added_events after insert on job
  referencing new table as job_after
  for each statement execute function job_added_events();

create trigger job_changed_events after update on job
  referencing old table as job_before new table as job_after
  for each statement execute function job_changed_events();

-- Jobs that failed before there were events.
insert into event (job_id, version, status, attempt, cancel_requested, letter_only)
select id, version, status, attempt, cancel_requested, true
from job
where status = 'failed';
