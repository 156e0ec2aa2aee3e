-- What an archived file was found to be. It is looked at after it was archived, so that nothing waits for it.

alter table output add column audio json;
alter table output add column check_at timestamptz;
alter table output add constraint output_audio_known check (audio ->> 'verdict' in ('ok', 'suspect', 'broken', 'unknown'));
comment on column output.audio is 'what the archived file was found to be, as the API shows it; null = not looked at';
comment on column output.check_at is 'when the archived file is to be looked at (again); null = not to be. Moved on by whoever takes it';
create index output_check_due on output (check_at) where check_at is not null;
