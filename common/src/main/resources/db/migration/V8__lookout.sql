-- Paid predictions that no worker follows: looked at now and then until the provider forgets them; what they made is kept.

create table lookout (
    prediction_id text        not null,
    model         text        not null,
    reason        text        not null,
    made_at       timestamptz not null,
    look_at       timestamptz default now(),
    looks         integer     not null default 0,
    unknown_since timestamptz,
    ended_at      timestamptz,
    outcome       text,
    inference_ms  integer,
    error_class   text,
    error_message text,
    constraint lookout_pk primary key (prediction_id),
    constraint lookout_reason_known check (reason in ('deadline', 'unknown', 'unassigned')),
    constraint lookout_outcome_known check (outcome in ('completed', 'failed', 'unknown', 'expired', 'followed')),
    constraint lookout_ended_whole check ((ended_at is null) = (outcome is null) and (ended_at is null) = (look_at is not null)),
    constraint lookout_error_when_failed check ((outcome is not distinct from 'failed') = (error_class is not null) and (error_class is null) = (error_message is null))
);
comment on table lookout is 'Predictions that are paid and that no worker follows. Whose one is, attempt.prediction_id tells.';
comment on column lookout.reason is 'deadline = its job failed before it ended; unknown = its job failed, since the provider did not know it; unassigned = an uncertain submit may have made it, and no attempt has it';
comment on column lookout.made_at is 'accepted, or made by the provider''s clock; it forgets a prediction 7 days later';
comment on column lookout.look_at is 'when it is looked at (again); moved on by whoever looks; null = ended';
comment on column lookout.unknown_since is 'first of the looks in a row for which the provider did not know it';
comment on column lookout.outcome is 'unknown = the provider did not know it for long; expired = the 7 days are over; followed = an attempt has it now, and a worker follows it';
create index lookout_due on lookout (look_at) where ended_at is null;
create index lookout_found on lookout (prediction_id) where reason = 'unassigned' and outcome = 'completed';

insert into lookout (prediction_id, model, reason, made_at)
select a.prediction_id, j.model, 'deadline', a.accepted_at
from attempt a
join job j on j.id = a.job_id
where a.status = 'failed'
  and a.error_class = 'provider_timeout'
  and a.prediction_id is not null
  and a.accepted_at > now() - interval '7 days';

insert into lookout (prediction_id, model, reason, made_at)
select distinct on (c.prediction_id) c.prediction_id, j.model, 'unassigned', coalesce(c.created_at, c.found_at)
from candidate c
join job j on j.id = c.job_id
where coalesce(c.created_at, c.found_at) > now() - interval '7 days'
  and not exists (select 1 from attempt a where a.prediction_id = c.prediction_id)
order by c.prediction_id
on conflict (prediction_id) do nothing;

-- An output may be a prediction's that no job has; and a job may have late ones beside those of its result.
alter table output drop constraint output_pk;
alter table output alter column job_id drop not null;
alter table output alter column attempt drop not null;
alter table output alter column number type integer;
alter table output add column id bigint not null generated always as identity;
alter table output add column prediction_id text;
alter table output add constraint output_pk primary key (id);
alter table output add constraint output_once unique (job_id, number);
alter table output add constraint output_owned check ((job_id is null) = (attempt is null) and (job_id is not null or prediction_id is not null));
create unique index output_unassigned on output (prediction_id, number) where job_id is null;
comment on column output.job_id is 'null = no job has its prediction; should one get it, its own row points to the same file';
comment on column output.number is 'place in the outputs of its prediction, from 0; of a late one, 1000 times its attempt more: it never takes the place of the job''s result';
comment on column output.prediction_id is 'of late outputs and of those of no job';

-- All outputs of an ended job are archived: an event like the others, with a version of its own.
alter table event add column archived boolean not null default false;
comment on column event.archived is 'no change of state: all outputs of the ended job are archived';
