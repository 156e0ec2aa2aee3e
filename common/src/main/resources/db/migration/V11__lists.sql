-- A job's row changes its state five times, and each change writes an entry to every index of the table that holds the row. Lists
-- by what never changes are served by job_payload, which is written once (deploy/docs/adr/0013).

-- In the order in which claims lock them: an older process beside this one waits, and neither ends the other.
lock table job, job_payload in access exclusive mode;

alter table job_payload
    add column created_at timestamptz not null default now(),
    add column model      text,
    add column reference  text;
comment on column job_payload.created_at is 'the same as the job''s, for lists';
comment on column job_payload.model is 'the same as the job''s, for lists; null = written by a process of an older version';
comment on column job_payload.reference is 'the same as the job''s, for lists';

update job_payload p
set created_at = j.created_at, model = j.model, reference = j.reference
from job j
where j.id = p.job_id;

create index job_payload_newest on job_payload (created_at desc, job_id desc);
create index job_payload_by_model on job_payload (model, created_at desc, job_id desc);
create index job_payload_by_reference on job_payload (reference, created_at desc, job_id desc) where reference is not null;

drop index job_newest;
drop index job_by_model;
drop index job_by_reference;
drop index job_by_status;
-- What has succeeded is nearly all there is: it is found among the newest.
create index job_by_status on job (status, created_at desc, id desc) where status <> 'succeeded';
