-- The breaker: while the provider does not answer the submits of a model, one probe at a time goes instead of the backlog.

create table breaker (
    scope         text          not null,
    cause         text          not null,
    failures      integer       not null,
    threshold     integer       not null,
    opened_at     timestamptz,
    probe_at      timestamptz,
    probe_wait_ms bigint        not null,
    last_job_id   uuid,
    reason        text          not null,
    balance_usd   numeric(14,6),
    updated_at    timestamptz   not null default now(),
    constraint breaker_pk primary key (scope),
    constraint breaker_cause_known check (cause in ('unanswered', 'out_of_credits')),
    constraint breaker_failures_positive check (failures >= 1),
    constraint breaker_threshold_positive check (threshold >= 1),
    constraint breaker_wait_positive check (probe_wait_ms >= 1),
    constraint breaker_probed_when_open check ((opened_at is null) = (probe_at is null)),
    constraint breaker_account_is_open check (scope <> '*' or opened_at is not null),
    constraint breaker_credit_is_the_accounts check (cause <> 'out_of_credits' or scope = '*')
);
comment on table breaker is 'A row per model whose last submits went unanswered, and one for the account. No row: all is well. Read by every claim, written under the account''s lock.';
comment on column breaker.scope is 'a model''s id, or * for the account';
comment on column breaker.failures is 'submits in a row that the provider did not answer';
comment on column breaker.threshold is 'failures at which it opens; until then at most the difference may be under way at once';
comment on column breaker.opened_at is 'null = closed';
comment on column breaker.probe_at is 'no probe before; moved on in the transaction that claims the probe';
comment on column breaker.last_job_id is 'the last probe: the next one is another job';
comment on column breaker.balance_usd is 'out_of_credits: the balance as last told; a probe''s reservation is at most that';
