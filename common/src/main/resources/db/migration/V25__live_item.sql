-- What a person cancels after an operation was made is not brought back by it (deploy/docs/replay.md).
alter table resolution_item add column live boolean not null default false;
comment on column resolution_item.live is 'it had not ended when the operation was made; told of replays that complete a batch. When it is cancelled by its turn, somebody did that since';
