-- Retention: rows and files go by rule, in small chunks; what they add up to stays (deploy/docs/adr/0024).

-- Before anything is held, in the order of those who lock several: the bill's reader, claims. An older process beside this one
-- waits, and neither ends the other.
lock table bill_cursor, job, job_payload, output, lookout, bill_row, bill_difference, media in share row exclusive mode;

create table removal (
    folder    text        not null,
    file      text        not null,
    remove_at timestamptz not null default now(),
    error     text,
    constraint removal_pk primary key (folder, file),
    constraint removal_folder_known check (folder in ('outputs', 'media'))
);
comment on table removal is 'Files that no row names any more. Written in the transaction that removes the row, removed after the file is: so a crash leaves neither a row without its file nor a file that nobody will remove.';
comment on column removal.file is 'path below the folder; what lies beside an output under its name and .json goes with it';
comment on column removal.remove_at is 'when it is to be removed (again); moved on by whoever takes it';
create index removal_due on removal (remove_at);

create table past_jobs (
    batch_id      uuid        not null,
    model         text        not null,
    day           date        not null,
    jobs          bigint      not null,
    succeeded     bigint      not null,
    failed        bigint      not null,
    cancelled     bigint      not null,
    archived      bigint      not null,
    estimated_usd numeric(14,6),
    charged_usd   numeric(14,6),
    refunded_usd  numeric(14,6),
    ended_at      timestamptz not null,
    constraint past_jobs_pk primary key (batch_id, model, day),
    constraint past_jobs_add_up check (jobs = succeeded + failed + cancelled)
);
comment on table past_jobs is 'What the jobs that were removed add up to, written in the transaction that removes them: counts and costs stay what they were. Never removed.';
comment on column past_jobs.batch_id is 'ffffffff-ffff-ffff-ffff-ffffffffffff = the jobs of no batch';
comment on column past_jobs.day is 'the UTC day on which the jobs were made';
comment on column past_jobs.archived is 'jobs that had outputs, all of them archived';
comment on column past_jobs.estimated_usd is 'sum of what was known; null = nothing was. So are the following';
comment on column past_jobs.ended_at is 'when the last of them ended and was archived';

-- A batch that is being made looks for results that it need not buy again: between that look and its takes nothing may be
-- removed. It holds its library's row meanwhile; so no table lock is got then, and none is waited for.
create function libraries_are_at_rest() returns boolean
language plpgsql as $$
begin
  lock table library in exclusive mode nowait;
  return true;
exception
  when lock_not_available then
    return false;
end
$$;
comment on function libraries_are_at_rest is 'True when no batch of a library is being made; then none is until this transaction ends.';

-- Clips: when a request last asked for one, and which requests name it.
alter table media add column used_at timestamptz not null default now();
comment on column media.used_at is 'when it was last uploaded or asked for, to the day: a request that was let in on it finds it';
create index media_unused on media (used_at, sha256);

create function media_in(input text) returns text[]
language sql immutable parallel safe
return array(select found[1] from regexp_matches(input, 'media:sha256:([0-9a-f]{64})', 'g') as found);
comment on function media_in is 'The clips of ours that an input names.';
create index job_payload_media on job_payload using gin (media_in(input)) where input like '%media:sha256:%';

-- The oldest first, of each kind that has a rule. Jobs are found by job_payload_newest, batches by batch_newest.
create index bill_row_by_time on bill_row (billed_at, uuid);
create index bill_difference_resolved on bill_difference (resolved_at, id) where resolved_at is not null;
create index lookout_ended on lookout (ended_at, prediction_id) where ended_at is not null;
create index output_of_nobody on output (archived_at, id) where job_id is null and archived_at is not null;

-- What keeps a row.
create index bill_difference_open_subject on bill_difference (subject) where resolved_at is null;
create index bill_difference_open_job on bill_difference (job_id) where resolved_at is null and job_id is not null;
create index output_file_unassigned on output (file) where file like 'unassigned/%';

-- Whoever asks for rows that live for seconds, by a partial index, passes by the entries of dead ones until they are vacuumed; by
-- default that waits for a fifth of the table to be dead, which is two million of ten.
alter table job set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
alter table attempt set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
alter table output set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

comment on table bill_row is 'Lines of the provider''s bill, those of others included. Removed by rule, long after their attempt.';
comment on table bill_difference is 'Where the bill is not what we expect: resolved when the cause is gone, open again when the amount changes after that. Removed by rule once it is resolved and its lines are gone.';
