-- Decisions about many uncertain submits at once. The set is frozen when the decision is made, and carried out in chunks
-- by whichever process comes first. Replays are to use the same two tables, as another kind.

create table resolution (
    id         uuid        not null,
    kind       text        not null,
    decision   text,
    status     text        not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    ended_at   timestamptz,
    constraint resolution_pk primary key (id),
    constraint resolution_kind_known check (kind in ('resolution')),
    constraint resolution_decision_known check (decision in ('adopt', 'resubmit', 'abandon')),
    constraint resolution_decision_told check ((kind = 'resolution') = (decision is not null)),
    constraint resolution_status_known check (status in ('planned', 'running', 'paused', 'aborted', 'done')),
    constraint resolution_ended check ((status in ('aborted', 'done')) = (ended_at is not null))
);
comment on table resolution is 'A decision about a frozen set of jobs. Whoever carries out a chunk of it holds this row''s lock, so a pause or an abort holds from the moment it is answered.';
create index resolution_open on resolution (created_at, id) where status in ('planned', 'running');

create table resolution_item (
    resolution_id uuid          not null,
    job_id        uuid          not null,
    attempt       integer       not null,
    error_class   text,
    estimated_usd numeric(14,6),
    done_at       timestamptz,
    skip_reason   text,
    constraint resolution_item_pk primary key (resolution_id, job_id),
    constraint resolution_item_resolution_fk foreign key (resolution_id) references resolution (id) on delete cascade,
    constraint resolution_item_job_fk foreign key (job_id) references job (id) on delete cascade,
    constraint resolution_item_skip_known check (skip_reason in ('already_resolved', 'evidence_waits', 'changed', 'no_candidate', 'several_candidates', 'candidate_shared', 'candidate_taken', 'aborted')),
    constraint resolution_item_skipped_is_done check (skip_reason is null or done_at is not null)
);
comment on table resolution_item is 'The jobs that a decision is about, as they were when it was made. Marked done in the transaction that changes the job.';
comment on column resolution_item.attempt is 'the attempt in doubt then; a later one is not what was decided about';
comment on column resolution_item.estimated_usd is 'what carrying it out is expected to cost; null = unknown';
comment on column resolution_item.skip_reason is 'null while done = it was carried out';
create index resolution_item_waiting on resolution_item (resolution_id, job_id) where done_at is null;
create index resolution_item_by_job on resolution_item (job_id);

-- "Does anybody else lay claim to this prediction?"
create index candidate_by_prediction on candidate (prediction_id);

alter table idempotency_key
    add column resolution_id uuid,
    add constraint idempotency_key_resolution_fk foreign key (resolution_id) references resolution (id) on delete cascade;
create index idempotency_key_resolution on idempotency_key (resolution_id) where resolution_id is not null;
