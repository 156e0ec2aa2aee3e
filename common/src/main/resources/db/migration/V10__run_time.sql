-- How long runs took: polls are timed by it. What workers learned stays over their restarts, and all share it.

create table run_time (
    model        text      not null,
    size         text      not null,
    open_ms      integer[] not null,
    ended_ms     integer[] not null,
    inference_ms integer[] not null,
    constraint run_time_pk primary key (model, size),
    constraint run_time_paired check (cardinality(open_ms) = cardinality(ended_ms)
                                  and cardinality(ended_ms) = cardinality(inference_ms))
);
comment on table run_time is 'The last runs of each model and size that the provider ended, newest first. A hint: without it, polls are timed as for an unknown model.';
comment on column run_time.size is 'what was asked for, by powers of two, such as 16s 8steps; empty = runs of every size';
comment on column run_time.open_ms is 'ms from being accepted to the last look that found it open; 0 = none did';
comment on column run_time.ended_ms is 'ms from being accepted to the look that found it ended';
comment on column run_time.inference_ms is 'as told by the provider; an element that is null = not told';
