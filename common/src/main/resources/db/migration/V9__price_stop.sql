-- An excess stops its price: a model that was charged above what was reserved for it is not submitted until a person accepts.

create table price_factor (
    model         text          not null,
    factor        numeric(20,9) not null,
    difference_id bigint        not null,
    accepted_at   timestamptz   not null default now(),
    constraint price_factor_pk primary key (model),
    constraint price_factor_raises check (factor >= 1)
);
comment on table price_factor is 'Prices that a person accepted: what a model may cost, as a multiple of the catalogue''s price.';

create table price_stop (
    model         text          not null,
    difference_id bigint        not null,
    expected_usd  numeric(14,6) not null,
    charged_usd   numeric(14,6) not null,
    stopped_at    timestamptz   not null default now(),
    lifted_at     timestamptz,
    announced     boolean       not null default false,
    constraint price_stop_pk primary key (model)
);
comment on table price_stop is 'Models that are not submitted, since the bill has a higher price than was reserved. Read by every claim; the jobs'' rows follow. Made and lifted by what bill_difference says, removed when all rows have followed.';
comment on column price_stop.lifted_at is 'null = stopped; else jobs that were held before go again';
comment on column price_stop.announced is 'its line is in the log';

alter table bill_difference
    add column stopping_usd numeric(14,6);
comment on column bill_difference.stopping_usd is 'the charge that is above what was reserved and accepted: while this difference is open its model is stopped; null = it stops nothing';
create index bill_difference_stopping on bill_difference (model) where stopping_usd is not null and resolved_at is null;

-- For the rows of a stopped model, which follow it to held while the backlog of the others may be long.
create index job_queued_of_model on job (model) where status = 'queued';
