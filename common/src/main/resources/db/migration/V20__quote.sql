-- Quotes: what the provider says that runs would cost, asked for by plans and kept for a while (deploy/docs/adr/0025).

create table quote (
    model            text          not null,
    question         text          not null,
    input            text          not null,
    wanted_until     timestamptz   not null,
    due_at           timestamptz,
    tries            smallint      not null default 0,
    price_usd        numeric(14,6),
    discounted_usd   numeric(14,6),
    discount_percent numeric(9,6),
    error            text,
    quoted_at        timestamptz,
    constraint quote_pk primary key (model, question),
    constraint quote_question_form check (question ~ '^[0-9a-f]{64}$'),
    constraint quote_due_until_answered check ((due_at is null) = (quoted_at is not null)),
    constraint quote_whole check (num_nulls(price_usd, discounted_usd, discount_percent) in (0, 3)),
    constraint quote_price_or_error check (quoted_at is null or (price_usd is null) = (error is not null)),
    constraint quote_not_negative check (price_usd >= 0 and discounted_usd >= 0)
);
comment on table quote is 'What the provider asks for a run. Shown beside the catalogue''s price; nothing is reserved or charged by it.';
comment on column quote.question is 'SHA-256 over what the price depends on: equal ones have one price';
comment on column quote.input is 'a run''s input as it was asked for, with which the provider is asked';
comment on column quote.wanted_until is 'nobody waits for it any longer than that: it is not asked then';
comment on column quote.due_at is 'when a worker may ask (again); moved on by whoever takes it. null = answered';
comment on column quote.tries is 'how often it was taken since it was wanted';
comment on column quote.error is 'why there is no price; while it is not answered, what went wrong last';
create index quote_due on quote (due_at) where due_at is not null;
