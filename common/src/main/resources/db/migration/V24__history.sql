-- The provider's history, read by workers for replays from the dead-letter topic (deploy/docs/adr/0027).

create table history_question (
    model        text        not null,
    since        timestamptz not null,
    state        text        not null,
    wanted_until timestamptz not null,
    due_at       timestamptz,
    tries        integer     not null default 0,
    begun_at     timestamptz,
    found        integer     not null default 0,
    read_at      timestamptz,
    error        text,
    constraint history_question_pk primary key (model),
    constraint history_question_state_known check (state in ('wanted', 'reading', 'read')),
    constraint history_question_due_until_read check ((state = 'read') = (due_at is null) and (state = 'read') = (read_at is not null)),
    constraint history_question_begun check (state = 'wanted' or begun_at is not null),
    constraint history_question_found_not_negative check (found >= 0)
);
comment on table history_question is 'Models of whose predictions somebody wants to know, and how far a worker has read the provider''s history of them.';
comment on column history_question.since is 'from when on, by the database''s clock';
comment on column history_question.wanted_until is 'nobody waits for it any longer than that: it is not read then';
comment on column history_question.due_at is 'when a worker may take it (again); moved on by whoever reads. null = read';
comment on column history_question.tries is 'how often it was taken since it was wanted: only the last taker''s pages count';
comment on column history_question.begun_at is 'when the last reading began: what was made until shortly before is in it';
comment on column history_question.found is 'predictions that it has met so far';
comment on column history_question.read_at is 'when it was read to the end';
comment on column history_question.error is 'what went wrong last, while it is not read';
create index history_question_due on history_question (due_at) where due_at is not null;

create table history_item (
    model         text        not null,
    prediction_id text        not null,
    created_at    timestamptz,
    input_key     text,
    clipless_key  text,
    seen_at       timestamptz not null default now(),
    constraint history_item_pk primary key (model, prediction_id),
    constraint history_item_keys_form check (input_key ~ '^[0-9a-f]{64}$' and clipless_key ~ '^[0-9a-f]{64}$')
);
comment on table history_item is 'Predictions that the provider''s history shows and no attempt had when it was read.';
comment on column history_item.created_at is 'by the database''s clock; null = not told';
comment on column history_item.input_key is 'SHA-256 over its input with defaults: equal ones mean the same to the model. null = the provider does not tell the input';
comment on column history_item.clipless_key is 'the same whatever its clips are, when it names one by an address that nobody here knows; null otherwise';
create index history_item_seen on history_item (seen_at);
