-- Replays from the dead-letter topic: letters whose job is not in this database become rows again (deploy/docs/adr/0027).

-- Before anything is held, in the order of those who lock several. An older process beside this one waits, and neither ends the other.
lock table resolution, job, resolution_item in access exclusive mode;

alter table resolution_item
    add column evidence         text,
    add column evidence_message text,
    add constraint resolution_item_evidence_known check (evidence in ('provider_has_it', 'history_unread')),
    add constraint resolution_item_evidence_told check ((evidence is null) = (evidence_message is null));
comment on column resolution_item.evidence is 'what the provider''s history says against replaying a job that was restored from its letter; null = nothing';
comment on column resolution_item.evidence_message is 'the same in words, with the predictions meant';

create table restored_job (
    job_id           uuid        not null,
    letter_key       text        not null,
    active_at        timestamptz not null,
    input_key        text        not null,
    clipless_key     text,
    evidence         text,
    evidence_message text,
    restored_at      timestamptz not null default now(),
    constraint restored_job_pk primary key (job_id),
    constraint restored_job_job_fk foreign key (job_id) references job (id) on delete cascade,
    constraint restored_job_keys_form check (input_key ~ '^[0-9a-f]{64}$' and clipless_key ~ '^[0-9a-f]{64}$'),
    constraint restored_job_evidence_known check (evidence in ('provider_has_it', 'history_unread')),
    constraint restored_job_evidence_told check ((evidence is null) = (evidence_message is null))
);
comment on table restored_job is 'Jobs whose rows were made from their dead letters. Until one is replayed, the provider''s history is asked whether somebody did so before.';
comment on column restored_job.letter_key is 'key of the letter, as far as it is text';
comment on column restored_job.active_at is 'up to then the letter knows what was submitted: a prediction that was made later, and that no attempt has, may be its own';
comment on column restored_job.input_key is 'SHA-256 over the input with defaults: equal ones mean the same to the model';
comment on column restored_job.clipless_key is 'the same whatever the clips of ours that it names are; null = it names none';
comment on column restored_job.evidence is 'what the history said when a replay from the topic met it last; null = nothing';

create table replay_refusal (
    resolution_id uuid    not null,
    number        integer not null,
    key           text    not null,
    reason        text    not null,
    message       text    not null,
    constraint replay_refusal_pk primary key (resolution_id, number),
    constraint replay_refusal_resolution_fk foreign key (resolution_id) references resolution (id) on delete cascade,
    constraint replay_refusal_reason_known check (reason in ('record_invalid', 'input_missing'))
);
comment on table replay_refusal is 'Letters on the dead-letter topic of which a replay could make no job.';
comment on column replay_refusal.number is 'from 1, in the order of failed_at';
comment on column replay_refusal.key is 'the record''s key, as far as it is text';
