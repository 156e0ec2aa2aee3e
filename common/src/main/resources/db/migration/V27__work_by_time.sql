-- "Has a later batch had the same work made?" of many equal lines must not look at each of them.
create index job_payload_by_work on job_payload (content_key, created_at) where content_key is not null;
drop index job_payload_by_key;
