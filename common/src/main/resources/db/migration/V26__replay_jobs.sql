-- The jobs of a replay, as a filter: a job that is replayed leaves its group of failures, and is found by nothing else.
create index job_replay_by_operation on job_replay (resolution_id, job_id);
