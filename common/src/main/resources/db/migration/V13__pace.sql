-- After a 429 the account submits at half its pace, and comes back by itself.

alter table account
    add column pace_per_minute integer,
    add column pace_full       integer,
    add column pace_since      timestamptz,
    add constraint account_pace_positive check (pace_per_minute >= 1 and pace_full >= 1),
    add constraint account_pace_whole check (num_nulls(pace_per_minute, pace_full, pace_since) in (0, 3));
comment on column account.pace_per_minute is 'submits per minute right after the last decrease; what it is by now follows from the time since then and the limit, so nobody writes it meanwhile. null = never slowed, or resumed by a person';
comment on column account.pace_full is 'what it rises to where there is no limit: the submits of the minute before it was first slowed';
comment on column account.pace_since is 'when it began to rise: the end of the wait that the provider asked for. Names the decrease too: submits that were granted before it cause no other';
