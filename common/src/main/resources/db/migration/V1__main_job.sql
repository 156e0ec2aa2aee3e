-- The main job: what was asked for, what was paid for, what came back.
-- States and their edges: deploy/docs/flow.md. Money is numeric(14,6) USD, times are timestamptz, enum-like columns have
-- named checks. Migrations are additive and are never edited once they have landed.

create table installation (
    singleton  boolean     not null default true,
    id         uuid        not null default gen_random_uuid(),
    created_at timestamptz not null default now(),
    constraint installation_pk primary key (singleton),
    constraint installation_single check (singleton)
);
comment on table installation is 'One row. Its id travels in our Kafka records, so that a record of ours is told from another service''s.';
insert into installation default values;

create table account (
    id                 smallint      not null,
    tier               text          not null,
    submits_per_minute integer,
    max_in_flight      integer,
    daily_budget_usd   numeric(14,6),
    hold_reason        text,
    hold_message       text,
    throttled_until    timestamptz,
    balance_usd        numeric(14,6),
    balance_at         timestamptz,
    updated_at         timestamptz   not null default now(),
    constraint account_pk primary key (id),
    constraint account_single check (id = 1),
    constraint account_tier_known check (tier in ('bronze', 'silver', 'gold', 'ultra', 'custom')),
    constraint account_submits_positive check (submits_per_minute >= 1),
    constraint account_in_flight_positive check (max_in_flight >= 1),
    constraint account_budget_not_negative check (daily_budget_usd >= 0),
    constraint account_hold_known check (hold_reason in ('paused', 'unauthorized', 'out_of_credits')),
    constraint account_hold_told check ((hold_reason is null) = (hold_message is null))
);
comment on table account is 'One row, locked by every claim: the limits of the provider account, and whether submitting is stopped.';
comment on column account.submits_per_minute is 'null = no limit';
comment on column account.max_in_flight is 'null = no limit';
comment on column account.daily_budget_usd is 'null = no limit; a day is a UTC day';
comment on column account.throttled_until is 'no claim before this time: the provider answered 429';

create table submit_window (
    second  timestamptz not null,
    submits integer     not null,
    constraint submit_window_pk primary key (second),
    constraint submit_window_whole_second check (second = date_trunc('second', second)),
    constraint submit_window_positive check (submits >= 0)
);
comment on table submit_window is 'Submits by the second of their reply. A submit counts against its minute from its grant until 60 s after its reply; those without a reply yet are the attempts in status submitting.';

create table budget_day (
    day           date          not null,
    committed_usd numeric(14,6) not null default 0,
    constraint budget_day_pk primary key (day),
    constraint budget_day_not_negative check (committed_usd >= 0)
);
comment on table budget_day is 'Reserved by open attempts plus charged by ended ones, by the UTC day of their claim. Written only in the transactions that claim and that end an attempt.';

create table worker (
    id           uuid        not null,
    host         text        not null,
    pid          bigint      not null,
    version      text        not null,
    started_at   timestamptz not null default now(),
    beat         bigint      not null default 0,
    beat_at      timestamptz not null default now(),
    ended_at     timestamptz,
    end_reason   text,
    constraint worker_pk primary key (id),
    constraint worker_end_known check (end_reason in ('stopped', 'silent')),
    constraint worker_end_told check ((ended_at is null) = (end_reason is null))
);
comment on table worker is 'One row per worker process. beat is a counter: another process calls a worker dead when it has itself read the same beat over the whole dead time.';
create index worker_alive on worker (id) where ended_at is null;

create sequence fence_seq as bigint increment by 1000;
comment on sequence fence_seq is 'Fencing tokens, handed out to processes in blocks of 1000. A claim, and every take-over, gives a job a new one.';

create table job (
    id               uuid          not null,
    status           text          not null,
    hold_reason      text,
    model            text          not null,
    lane             text          not null,
    reference        text,
    batch_id         uuid,
    max_attempts     smallint      not null,
    attempt          integer       not null default 0,
    fence            bigint        not null default 0,
    worker_id        uuid,
    version          bigint        not null default 1,
    dispatch_at      timestamptz,
    dispatch_no      integer       not null default 0,
    sends            smallint      not null default 0,
    cancel_requested boolean       not null default false,
    estimated_usd    numeric(14,6),
    reserve_usd      numeric(14,6),
    error_class      text,
    error_message    text,
    error_retryable  boolean,
    created_at       timestamptz   not null default now(),
    updated_at       timestamptz   not null default now(),
    settled_at       timestamptz,
    constraint job_pk primary key (id),
    constraint job_status_known check (status in ('queued', 'submitting', 'uncertain', 'running', 'held', 'succeeded', 'failed', 'cancelled')),
    constraint job_hold_known check (hold_reason in ('paused', 'budget', 'out_of_credits', 'unauthorized', 'uncertain_submission')),
    constraint job_hold_told check ((status = 'held') = (hold_reason is not null)),
    constraint job_lane_known check (lane in ('interactive', 'bulk')),
    constraint job_max_attempts_range check (max_attempts between 1 and 10),
    constraint job_settled_with_terminal check ((status in ('succeeded', 'failed', 'cancelled')) = (settled_at is not null)),
    constraint job_due_when_queued check ((status = 'queued') = (dispatch_at is not null)),
    constraint job_worker_when_worked check ((status in ('submitting', 'running')) = (worker_id is not null)),
    constraint job_error_whole check ((error_class is null) = (error_message is null) and (error_class is null) = (error_retryable is null)),
    constraint job_error_when_failed check (status <> 'failed' or error_class is not null),
    constraint job_error_known check (error_class in ('moderated', 'invalid_input', 'media_unreachable', 'unauthorized', 'out_of_credits', 'provider_error', 'provider_timeout', 'rate_limited', 'uncertain_submission', 'unknown_job', 'internal', 'paused', 'budget'))
) with (fillfactor = 80);
comment on table job is 'One request for a generation. Every update names the expected status and the fence.';
comment on column job.attempt is 'number of the current or last attempt, 0 before the first';
comment on column job.fence is 'fencing token of whoever may change the row now';
comment on column job.worker_id is 'the worker that holds the job while it is submitting or running';
comment on column job.version is 'rises by 1 with every change; orders a job''s events';
comment on column job.dispatch_at is 'when the job is to be sent (again) to Kafka; only queued jobs have it';
comment on column job.dispatch_no is 'number of the last dispatch over the job''s whole life; a record with another number claims nothing';
comment on column job.sends is 'dispatches since the job last became due; their back-off is 1 min doubling to 1 h';
comment on column job.estimated_usd is 'price expected at intake; null = unknown';
comment on column job.reserve_usd is 'highest reading of the price, reserved at claim; null = unknown';

create index job_due on job (lane, dispatch_at, id) where status = 'queued' and sends = 0;
create index job_dispatched on job (dispatch_at, id) where status = 'queued' and sends > 0;
create index job_held on job (hold_reason, created_at, id) where status = 'held';
create index job_worked on job (worker_id) where status in ('submitting', 'running');
create index job_uncertain on job (created_at, id) where status = 'uncertain';
create index job_newest on job (created_at desc, id desc);
create index job_by_status on job (status, created_at desc, id desc);
create index job_by_model on job (model, created_at desc, id desc);
create index job_by_batch on job (batch_id, created_at desc, id desc) where batch_id is not null;
create index job_by_reference on job (reference, created_at desc, id desc) where reference is not null;
create index job_by_error on job (error_class, created_at desc, id desc) where error_class is not null;

create table job_payload (
    job_id uuid  not null,
    input  text  not null,
    labels jsonb not null default '{}',
    constraint job_payload_pk primary key (job_id),
    constraint job_payload_job_fk foreign key (job_id) references job (id) on delete cascade,
    constraint job_payload_input_object check (input is json object),
    constraint job_payload_labels_object check (jsonb_typeof(labels) = 'object')
);
comment on table job_payload is 'What was asked for, apart from the state, so that a change of state does not rewrite it.';
comment on column job_payload.input is 'JSON text exactly as it was asked for: number formats and key order are kept';
create index job_payload_labels on job_payload using gin (labels jsonb_path_ops);

create table attempt (
    job_id          uuid          not null,
    number          integer       not null,
    status          text          not null,
    worker_id       uuid          not null,
    prediction_id   text,
    claimed_at      timestamptz   not null default now(),
    submitted_at    timestamptz,
    accepted_at     timestamptz,
    completed_at    timestamptz,
    polls           integer       not null default 0,
    inference_ms    integer,
    detect_ms       integer,
    price_usd       numeric(14,6),
    reserved_usd    numeric(14,6) not null default 0,
    charged_usd     numeric(14,6),
    refunded_usd    numeric(14,6),
    budget_day      date          not null,
    error_class     text,
    error_message   text,
    error_retryable boolean,
    constraint attempt_pk primary key (job_id, number),
    constraint attempt_job_fk foreign key (job_id) references job (id) on delete cascade,
    constraint attempt_prediction_once unique (prediction_id),
    constraint attempt_number_positive check (number >= 1),
    constraint attempt_status_known check (status in ('submitting', 'accepted', 'refused', 'uncertain', 'not_created', 'completed', 'failed')),
    constraint attempt_accepted_has_id check (status not in ('accepted', 'completed') or prediction_id is not null),
    constraint attempt_error_whole check ((error_class is null) = (error_message is null) and (error_class is null) = (error_retryable is null))
) with (fillfactor = 80);
comment on table attempt is 'A POST that may have been accepted. A 429, an unsent request and a shutdown leave no attempt.';
comment on column attempt.price_usd is 'price expected when it was claimed; null = unknown';
comment on column attempt.reserved_usd is 'held against the daily budget from the claim until the attempt ends';
comment on column attempt.charged_usd is 'booked when the provider accepts; null = not charged as far as we know, or price unknown';
comment on column attempt.refunded_usd is 'seen in the provider''s billing records; null = none seen';
comment on column attempt.detect_ms is 'time between the last poll that found it running and the one that found it done';
create index attempt_open on attempt (status) where status in ('submitting', 'accepted', 'uncertain');

create table output (
    job_id       uuid        not null,
    number       smallint    not null,
    attempt      integer     not null,
    url          text        not null,
    file         text,
    content_type text,
    bytes        bigint,
    sha256       text,
    created_at   timestamptz not null default now(),
    archived_at  timestamptz,
    archive_at   timestamptz,
    tries        integer     not null default 0,
    error        text,
    constraint output_pk primary key (job_id, number),
    constraint output_job_fk foreign key (job_id) references job (id) on delete cascade,
    constraint output_archived_whole check (archived_at is null or (file is not null and bytes is not null and sha256 is not null)),
    constraint output_archive_due check ((archived_at is null) = (archive_at is not null))
);
comment on table output is 'A clip that a prediction made: where the provider keeps it for 7 days, and the file that we keep.';
comment on column output.number is 'place in the prediction''s outputs, from 0';
comment on column output.file is 'path below the folder of outputs';
comment on column output.archive_at is 'when it is to be fetched (again); moved on by whoever claims it, so a worker that dies loses nothing';
create index output_due on output (archive_at) where archived_at is null;

create table media (
    sha256           text        not null,
    bytes            bigint      not null,
    content_type     text        not null,
    filename         text        not null,
    duration_seconds numeric(12,6),
    created_at       timestamptz not null default now(),
    provider_url     text,
    provider_until   timestamptz,
    constraint media_pk primary key (sha256),
    constraint media_sha256_form check (sha256 ~ '^[0-9a-f]{64}$'),
    constraint media_provider_whole check ((provider_url is null) = (provider_until is null))
);
comment on table media is 'Source clips by content. The file lies in the media folder; the provider''s copy lives 7 days and is renewed at submit.';
comment on column media.duration_seconds is 'known for WAV and FLAC; null = not known';

create table idempotency_key (
    scope       text        not null,
    key         text        not null,
    body_hash   text        not null,
    job_id      uuid,
    status      smallint,
    location    text,
    answer      text,
    created_at  timestamptz not null default now(),
    constraint idempotency_key_pk primary key (scope, key),
    constraint idempotency_key_job_fk foreign key (job_id) references job (id) on delete cascade
);
comment on table idempotency_key is 'First answers by Idempotency-Key, kept as long as what they made.';
create index idempotency_key_job on idempotency_key (job_id);
