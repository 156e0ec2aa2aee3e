-- Webhooks: a token for each submit, what was told under it, and the secrets that tell the provider's word from others'.

alter table attempt add column webhook_token uuid;
comment on column attempt.webhook_token is 'part of the address that this one submit gave the provider; null = webhooks were off. Drawn anew for each claim, so a number that is used again has another';
create unique index attempt_webhook_token on attempt (webhook_token) where webhook_token is not null;

create table webhook_evidence (
    token         uuid        not null,
    prediction_id text        not null,
    job_id        uuid        not null,
    attempt       integer     not null,
    received_at   timestamptz not null default now(),
    judged_at     timestamptz,
    constraint webhook_evidence_pk primary key (token, prediction_id),
    constraint webhook_evidence_job_fk foreign key (job_id) references job (id) on delete cascade
);
comment on table webhook_evidence is 'Predictions that signed webhooks told of under an attempt''s token, as long as the attempt does not say the same. It changes no job by itself.';
comment on column webhook_evidence.attempt is 'the attempt that had the token; it may have been removed since, and its number used again';
comment on column webhook_evidence.judged_at is 'it contradicts the attempt, and that was said aloud; null = not judged yet';
create index webhook_evidence_open on webhook_evidence (received_at) where judged_at is null;
create index webhook_evidence_job on webhook_evidence (job_id, attempt);

create table webhook_secret (
    secret      text        not null,
    told_at     timestamptz not null default now(),
    replaced_at timestamptz,
    constraint webhook_secret_pk primary key (secret),
    constraint webhook_secret_not_empty check (secret <> '')
);
comment on table webhook_secret is 'What the provider signs its webhooks with, as a worker was told. A former one stays valid for a day.';
