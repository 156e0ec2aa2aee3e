-- Outputs whose link has expired are lost, and told; and who works on an output is known, so that a dead worker's are carried on at once.

alter table output add column lost_at timestamptz;
alter table output add column held_by uuid;
alter table output
    drop constraint output_archive_due,
    add constraint output_archive_due check ((archived_at is null and lost_at is null) = (archive_at is not null)),
    add constraint output_lost_told check (lost_at is null or (archived_at is null and error is not null));
comment on column output.lost_at is 'when it was given up: the provider keeps it no longer, and it was not archived';
comment on column output.held_by is 'the worker that fetches it, or looks at it; null = nobody, as far as is known';
create index output_held on output (held_by) where held_by is not null;
