-- Evidence for submits whose outcome nobody saw: who looks for it, what was found, what a person or an allowance decided.

insert into worker (id, host, pid, version, ended_at, end_reason)
values ('00000000-0000-0000-0000-000000000000', 'nobody', 0, 'none', now(), 'stopped');
comment on table worker is 'One row per worker process. beat is a counter: another process calls a worker dead when it has itself read the same beat over the whole dead time. The row of zeros is nobody''s: what is handed to it is adopted by the next worker that has room.';

create table lease (
    name       text        not null,
    holder     uuid        not null,
    held_until timestamptz not null,
    constraint lease_pk primary key (name)
);
comment on table lease is 'Who does a piece of work that one process is enough for. It spares double work; nothing is right or wrong by it.';

create table media_address (
    url     text        not null,
    sha256  text        not null,
    made_at timestamptz not null default now(),
    constraint media_address_pk primary key (url),
    constraint media_address_media_fk foreign key (sha256) references media (sha256) on delete cascade
);
comment on table media_address is 'Every address that the provider ever gave to a clip of ours, so that an input of its history is known again.';
insert into media_address (url, sha256)
select provider_url, sha256 from media where provider_url is not null;

create table candidate (
    job_id        uuid        not null,
    attempt       integer     not null,
    prediction_id text        not null,
    created_at    timestamptz,
    found_at      timestamptz not null default now(),
    constraint candidate_pk primary key (job_id, attempt, prediction_id),
    constraint candidate_attempt_fk foreign key (job_id, attempt) references attempt (job_id, number) on delete cascade
);
comment on table candidate is 'Predictions that an uncertain attempt may have made. The provider forgets them after 7 days.';
comment on column candidate.created_at is 'by the provider''s clock; null = not told';

create table allowance_day (
    day      date          not null,
    used_usd numeric(14,6) not null default 0,
    constraint allowance_day_pk primary key (day),
    constraint allowance_day_not_negative check (used_usd >= 0)
);
comment on table allowance_day is 'What may have been paid twice, by UTC day, since doubtful submits were repeated without asking.';
