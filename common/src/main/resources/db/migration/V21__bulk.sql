-- Bulk operations: replays, cancellations, holds and releases beside decisions about uncertain submits, as the same kind of object
-- (deploy/docs/adr/0026). The tables keep the name of the first kind.

-- Before anything is held, in the order of those who lock several. An older process beside this one waits, and neither ends the other.
lock table resolution, job, job_payload in access exclusive mode;

alter table resolution
    drop constraint resolution_kind_known,
    add column request         text        not null default '{}',
    add column rate_per_minute integer,
    add column next_at         timestamptz not null default now(),
    add column requested_by    text,
    add column note            text,
    add constraint resolution_kind_known check (kind in ('resolution', 'replay', 'cancellation', 'hold', 'release')),
    add constraint resolution_request_object check (request is json object),
    add constraint resolution_rate_positive check (rate_per_minute >= 1);
comment on table resolution is 'A bulk operation: what is done to a frozen set of jobs. Whoever carries out a chunk of it holds this row''s lock, so a pause or an abort holds from the moment it is answered.';
comment on column resolution.decision is 'what is decided about submits in doubt; null = of another kind';
comment on column resolution.request is 'what was asked for, as JSON text: filter, overrides, what is forced. Number formats are kept';
comment on column resolution.rate_per_minute is 'how many jobs of it may be changed in a minute; null = no limit';
comment on column resolution.next_at is 'no further chunk before, which keeps the rate';
comment on column resolution.requested_by is 'who asked for it, as told by the caller; null = not told';
create index resolution_newest on resolution (kind, created_at desc, id desc);

alter table resolution_item
    drop constraint resolution_item_skip_known,
    add column model        text,
    add column replays      smallint not null default 0,
    add column planned_skip text,
    add column resumed      boolean  not null default false,
    add constraint resolution_item_skip_known check (skip_reason in (
        'already_resolved', 'evidence_waits', 'changed', 'no_candidate', 'several_candidates', 'candidate_shared', 'candidate_taken',
        'aborted', 'succeeded', 'under_way', 'uncertain', 'may_be_charged', 'prediction_pending', 'has_result', 'parked',
        'moderated', 'no_longer_valid', 'batch_cancelled', 'provider_has_it', 'history_unread', 'waits', 'ended',
        'cancel_requested', 'held_already', 'not_held', 'superseded'));
comment on column resolution_item.model is 'the job''s; null = chosen before there was this column';
comment on column resolution_item.replays is 'how often the job had been replayed then: when it has been replayed since, it is not what was chosen';
comment on column resolution_item.planned_skip is 'why it would have been skipped when it was chosen; decided anew when its turn comes';

alter table job
    add column replays        smallint    not null default 0,
    add column tries_from     integer     not null default 0,
    add column replayed_at    timestamptz,
    add column held_by_person boolean     not null default false,
    add constraint job_replayed_told check ((replays > 0) = (replayed_at is not null)),
    add constraint job_tries_from_within check (tries_from between 0 and attempt),
    add constraint job_held_by_person_is_kept check (not held_by_person or (held_by_batch and hold_reason = 'paused'));
comment on column job.replays is 'how often a person had it go again after it had ended';
comment on column job.tries_from is 'number of the last attempt before the last replay: max_attempts counts from there';
comment on column job.replayed_at is 'when it was replayed last; null = never';
comment on column job.held_by_person is 'a person held this job by itself. Then held_by_batch is true as well, and nothing that account or batch do lets it go';
comment on column job.held_by_batch is 'its batch is paused, its batch''s budget does not cover it, or a person holds it: nothing that the account does lets it go';

comment on column resolution_item.resumed is 'its batch was stopped, and goes on by this operation: so does the job, unless it was cancelled before';

create table job_replay (
    job_id          uuid        not null,
    number          smallint    not null,
    resolution_id   uuid        not null,
    at              timestamptz not null default now(),
    status          text        not null,
    attempt         integer     not null,
    error_class     text,
    error_message   text,
    error_retryable boolean,
    fingerprint     text,
    input           text,
    constraint job_replay_pk primary key (job_id, number),
    constraint job_replay_job_fk foreign key (job_id) references job (id) on delete cascade,
    constraint job_replay_number_positive check (number >= 1),
    constraint job_replay_status_ended check (status in ('succeeded', 'failed', 'cancelled')),
    constraint job_replay_error_whole check ((error_class is null) = (error_message is null) and (error_class is null) = (error_retryable is null)),
    constraint job_replay_input_object check (input is null or input is json object)
);
comment on table job_replay is 'What a job was when it was replayed: how it had ended, and what it asked for when the replay changed that.';
comment on column job_replay.resolution_id is 'the bulk operation that replayed it. No foreign key: the record of that may be gone sooner';
comment on column job_replay.attempt is 'number of its last attempt then, 0 = it had none';
comment on column job_replay.fingerprint is 'of its failure then; null = it had not failed';
comment on column job_replay.input is 'the input before; null = it was not changed';
