-- The provider's bill as we have read it, and where it differs from what we know.

create table bill_cursor (
    singleton   boolean     not null default true,
    position    timestamptz,
    read_at     timestamptz,
    due_at      timestamptz not null default now(),
    fence       bigint      not null default 0,
    holder      uuid,
    lease_until timestamptz,
    constraint bill_cursor_pk primary key (singleton),
    constraint bill_cursor_single check (singleton),
    constraint bill_cursor_lease_whole check ((holder is null) = (lease_until is null))
);
comment on table bill_cursor is 'One row: how far the bill has been read, and which process reads it now.';
comment on column bill_cursor.position is 'in the provider''s time; the next reading begins so much earlier as late rows may appear. null = never read: begin with this installation';
comment on column bill_cursor.read_at is 'when the bill was last read to its end';
comment on column bill_cursor.fence is 'rises with every lease; a page is written only under the fence of its lease';
insert into bill_cursor default values;

create table bill_row (
    uuid          text          not null,
    prediction_id text,
    subject       text          not null generated always as (coalesce(prediction_id, uuid)) stored,
    model         text,
    kind          text          not null,
    usd           numeric(14,6) not null,
    billed_at     timestamptz   not null,
    settled       boolean       not null,
    seen_at       timestamptz   not null default now(),
    booked        boolean       not null default false,
    listed        boolean       not null default false,
    constraint bill_row_pk primary key (uuid),
    constraint bill_row_kind_known check (kind in ('deduct', 'refund')),
    constraint bill_row_usd_not_negative check (usd >= 0)
);
comment on table bill_row is 'Lines of the provider''s bill, those of others included. Never deleted.';
comment on column bill_row.uuid is 'the provider''s; a line read again changes nothing unless its amount changed';
comment on column bill_row.subject is 'what the line is about: its prediction, or the line itself where it names none';
comment on column bill_row.settled is 'the provider calls its order done; before, the amount may still change';
comment on column bill_row.booked is 'its amount is in the charge or refund of an attempt';
comment on column bill_row.listed is 'its prediction was unknown, and was compared with the attempts that lack one';
create index bill_row_by_subject on bill_row (subject);
create index bill_row_unbooked on bill_row (seen_at) where not booked;
create index bill_row_unlisted on bill_row (subject) where not booked and not listed;

create table bill_difference (
    id            bigint        not null generated always as identity,
    kind          text          not null,
    subject       text          not null,
    prediction_id text,
    job_id        uuid,
    attempt       integer,
    model         text,
    expected_usd  numeric(14,6),
    billed_usd    numeric(14,6) not null,
    first_seen_at timestamptz   not null default now(),
    resolved_at   timestamptz,
    constraint bill_difference_pk primary key (id),
    constraint bill_difference_once unique (kind, subject),
    constraint bill_difference_kind_known check (kind in ('charged_twice', 'charged_without_job', 'not_ours', 'other_price', 'refund_missing'))
);
comment on table bill_difference is 'Where the bill is not what we expect. Never deleted: resolved when the cause is gone, open again when the amount changes after that.';
comment on column bill_difference.subject is 'as in bill_row';
comment on column bill_difference.job_id is 'the job concerned; for a charge without a job the one that it may belong to, when there is only one';
comment on column bill_difference.expected_usd is 'what should remain charged; null = unknown';
comment on column bill_difference.billed_usd is 'what remains charged: charges less refunds, as last seen while the difference was open';
comment on column bill_difference.first_seen_at is 'or when it was opened again';
create index bill_difference_newest on bill_difference ((resolved_at is null) desc, id desc);
create index bill_difference_open on bill_difference (kind, subject) where resolved_at is null;

-- Failed attempts whose money has not come back: few at any time.
create index attempt_refund_awaited on attempt (completed_at) where status = 'failed' and charged_usd > coalesce(refunded_usd, 0);
-- Attempts to which an unknown prediction may belong.
create index attempt_without_prediction on attempt (claimed_at) where prediction_id is null;
