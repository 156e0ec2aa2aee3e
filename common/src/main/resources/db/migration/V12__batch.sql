-- Batches: jobs that came in one file. What else a batch has, its counts and its money, is read from its jobs.

create table batch (
    id            uuid          not null,
    name          text,
    lane          text          not null,
    jobs          integer       not null,
    estimated_usd numeric(14,6),
    unknown_price integer       not null,
    created_at    timestamptz   not null default now(),
    constraint batch_pk primary key (id),
    constraint batch_lane_known check (lane in ('interactive', 'bulk')),
    constraint batch_jobs_positive check (jobs >= 1),
    constraint batch_unknown_price_within check (unknown_price between 0 and jobs),
    constraint batch_estimate_when_known check ((estimated_usd is null) = (unknown_price = jobs))
);
comment on table batch is 'A file of jobs that was taken as a whole. job.batch_id has no foreign key: a record of another service may name a batch that only it knows, and 100,000 looks at this row would cost for nothing.';
comment on column batch.name is 'the library that it is for; null = none was named';
comment on column batch.lane is 'of the lines that name none';
comment on column batch.jobs is 'lines that became jobs';
comment on column batch.estimated_usd is 'sum of the prices that are known; null = none is';
comment on column batch.unknown_price is 'jobs whose price is not known';
create index batch_newest on batch (created_at desc, id desc);

alter table idempotency_key
    add column batch_id uuid,
    add constraint idempotency_key_batch_fk foreign key (batch_id) references batch (id) on delete cascade;
create index idempotency_key_batch on idempotency_key (batch_id) where batch_id is not null;
