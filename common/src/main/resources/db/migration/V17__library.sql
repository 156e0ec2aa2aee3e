-- Libraries: what the cues of a manifest have become, so that only what is new or changed is bought (deploy/docs/adr/0021).

create table library (
    name       text        not null,
    created_at timestamptz not null default now(),
    constraint library_pk primary key (name)
);
comment on table library is 'The name of batches that belong together. Its row is locked while a batch of it is made, so that two of them do not buy the same.';

create table take (
    library     text        not null,
    reference   text        not null,
    number      smallint    not null,
    content_key text        not null,
    job_id      uuid        not null,
    name        text,
    cue_name    text,
    decision    text,
    decided_at  timestamptz,
    retakes     smallint    not null default 0,
    files       text[]      not null default '{}',
    place_at    timestamptz,
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now(),
    constraint take_pk primary key (library, reference, number),
    constraint take_library_fk foreign key (library) references library (name) on delete cascade,
    constraint take_number_range check (number between 1 and 100),
    constraint take_key_form check (content_key ~ '^[0-9a-f]{64}$'),
    constraint take_decision_known check (decision in ('picked', 'rejected')),
    constraint take_decision_told check ((decision is null) = (decided_at is null)),
    constraint take_names_both check ((name is null) = (cue_name is null)),
    constraint take_retakes_not_negative check (retakes >= 0)
);
comment on table take is 'A rendering of a cue: which job made it, or makes it.';
comment on column take.reference is 'the cue';
comment on column take.content_key is 'SHA-256 over model, inputs with defaults, source clip and number: the same key is the same work';
comment on column take.job_id is 'whose outputs it has; no foreign key, since old jobs are removed by rule';
comment on column take.name is 'path of its named file below the library''s folder, without extension; null = it gets none';
comment on column take.cue_name is 'the same while it is picked';
comment on column take.decision is 'what a person said of it; null = nothing';
comment on column take.retakes is 'how often it was made again with the same key';
comment on column take.files is 'its named files as they lie there, below the outputs';
comment on column take.place_at is 'when its named files are to be compared with job and decision (again); null = they are right. Moved on by whoever takes it';
create unique index take_picked_once on take (library, reference) where decision = 'picked';
create index take_by_job on take (job_id);
create index take_to_place on take (place_at) where place_at is not null;

alter table job_payload add column content_key text;
comment on column job_payload.content_key is 'of the take that it was made for; null = of none';
create index job_payload_by_key on job_payload (content_key) where content_key is not null;

-- A batch of a library may have nothing to make.
alter table batch
    drop constraint batch_jobs_positive,
    drop constraint batch_estimate_when_known,
    add constraint batch_jobs_not_negative check (jobs >= 0),
    add constraint batch_estimate_when_known check ((estimated_usd is null) = (jobs > 0 and unknown_price = jobs));

create table plan (
    id            uuid          not null,
    library       text,
    manifest      text          not null,
    parameters    text          not null,
    catalogue     text          not null,
    state         text          not null,
    lines         integer       not null,
    summary       json          not null,
    created_at    timestamptz   not null default now(),
    batch_id      uuid,
    constraint plan_pk primary key (id),
    constraint plan_batch_fk foreign key (batch_id) references batch (id) on delete set null
);
comment on table plan is 'What a manifest would make, change and leave alone. Applied once, and only while it would come out the same.';
comment on column plan.manifest is 'hash of the file';
comment on column plan.parameters is 'hash of all that was asked beside it, but for what it may cost';
comment on column plan.catalogue is 'hash of the models and prices that it was made with';
comment on column plan.state is 'hash of every line''s action, which tells whether the library is as it was';
comment on column plan.summary is 'as the API shows it';
comment on column plan.batch_id is 'the batch that it became; null = not applied';
create index plan_newest on plan (created_at);

create table plan_item (
    plan_id       uuid          not null,
    ordinal       integer       not null,
    line          integer,
    reference     text          not null,
    take          smallint      not null,
    action        text          not null,
    reason        text,
    model         text,
    content_key   text,
    previous_key  text,
    previous_job  uuid,
    estimated_usd numeric(14,6),
    name          text,
    constraint plan_item_pk primary key (plan_id, ordinal),
    constraint plan_item_plan_fk foreign key (plan_id) references plan (id) on delete cascade,
    constraint plan_item_action_known check (action in ('new', 'changed', 'retake', 'reused', 'orphaned'))
);
comment on table plan_item is 'What a plan names; what is unchanged has no row.';
comment on column plan_item.line is 'of the file; null = orphaned';
