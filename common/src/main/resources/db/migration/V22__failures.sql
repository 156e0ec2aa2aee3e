-- Failures by their cause: messages that differ only in addresses, ids and numbers have one pattern, and what failed of one
-- model with one class and one pattern has one fingerprint.

-- A match begins with the character before it, and nothing is captured in vain: look-around would say the same, but is ten times as
-- slow, and this runs over every message of a night that went wrong.
create function failure_pattern(message text) returns text
language sql immutable parallel safe
return
  left(
    btrim(regexp_replace(replace(
      -- Numbers, ranges, dates and times, with their signs; not what belongs to a name, as in stable-audio-3 and mp3.
      regexp_replace(
        -- Codes are causes of their own: they are marked, and the mark is taken away afterwards.
        regexp_replace(
          -- However many ids are named side by side.
          regexp_replace(
            -- UUIDs, hex digits, and letters with digits between them.
            regexp_replace(
              regexp_replace(
                regexp_replace(message, '[a-z][a-z0-9+.-]*://[^[:space:]"''<>]*[^[:space:]"''<>.,;:!?)\]}]', '<url>', 'gi'),
                '(prediction (?:id )?)[a-z_-]*[0-9][a-z0-9_-]*', '\1<id>', 'gi'),
              '(^|[^[:alnum:]])(?:media:sha256:)?(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|[0-9]+[a-f][0-9a-f]{6,}|[a-f]+[0-9][0-9a-f]{6,}|[a-z]*[0-9]+[a-z]+[0-9][a-z0-9]{4,})',
              '\1<id>', 'gi'),
            '<id>(?:(?:, |[-_/:])<id>)+(?:, …)?', '<id>', 'g'),
          '((?:code|status|answered|HTTP)[ :=]+|request \(|<id> \()([0-9])', E'\\1\x01\\2', 'gi'),
        E'(^|[^[:alnum:].+\x01-])[+-]?[.]?[0-9]+(?:[.,:/xeT+-][+-]?[0-9]+)*Z?', '\1<n>', 'g'),
      E'\x01', ''), '[[:space:]]{2,}', ' ', 'g')),
    -- Where a message was cut depends on how long its ids are.
    case when length(message) >= 500 then 200 else 500 end);
comment on function failure_pattern is 'A message without what differs from job to job: <url>, <id>, <n>.';

create function failure_fingerprint(error_class text, model text, message text) returns text
language sql immutable parallel safe
return
  left(
    encode(
      sha256(decode(replace(error_class || E'\n' || model || E'\n' || failure_pattern(message), E'\\', E'\\\\'), 'escape')),
      'hex'),
    16);
comment on function failure_fingerprint is 'Equal = failed for the same cause. Neither a class nor a pattern has a line break.';

-- When failure_pattern changes, this has to be built anew.
create index job_by_fingerprint on job (failure_fingerprint(error_class, model, error_message), created_at desc, id desc)
    where status = 'failed';
