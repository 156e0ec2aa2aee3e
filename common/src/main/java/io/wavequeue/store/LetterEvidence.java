package io.wavequeue.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What the provider's history, as workers read it, says of the restored jobs of a replay: whether somebody had them made since
 * their letters were written, in a database that is gone.
 *
 * <p>A prediction that no attempt here and no letter knows, of a job's model and input and made after its letter, stands against
 * one job. Jobs of equal input are alike, so it does not matter which: each prediction in turn takes the oldest that it may be of
 * ({@link EvidenceMatch}). Where the replay corrects inputs, a prediction of the corrected input stands against a job as well.
 */
final class LetterEvidence {
    /** How far clocks may be apart, and times of the history off. */
    private static final String MARGIN = "interval '10 seconds'";

    private static final int AT_ONCE = 1_000;

    private static final String CREATE_JOBS = """
            create temporary table letter_job (
              job_id uuid primary key, model text, active_at timestamptz, input_key text, clipless_key text,
              asked_key text, asked_clipless text, evidence text, message text
            ) on commit drop
            """;

    /** Restored jobs of the replay that nobody has replayed since, and what they are to ask for now. */
    private static final String FIND_JOBS = """
            insert into letter_job (job_id, model, active_at, input_key, clipless_key, asked_key, asked_clipless)
            select r.job_id, j.model, r.active_at, r.input_key, r.clipless_key, coalesce(l.asked_key, r.input_key), l.asked_clipless
            from resolution_item i
            join restored_job r on r.job_id = i.job_id
            join job j on j.id = i.job_id
            left join letter l on l.id = i.job_id and l.wanted
            where i.resolution_id = ?
              and j.status = 'failed'
              and j.replays = 0
            """;

    private static final String CREATE_FREE = """
            create temporary table history_free on commit drop as
            select model, prediction_id, coalesce(created_at, 'infinity') as created_at, created_at as told_at, input_key, clipless_key
            from history_item
            with no data
            """;

    private static final String FIND_FREE = """
            insert into history_free
            select h.model, h.prediction_id, coalesce(h.created_at, 'infinity'), h.created_at, h.input_key, h.clipless_key
            from history_item h
            where h.model in (select model from letter_job)
              and not exists (select 1 from attempt a where a.prediction_id = h.prediction_id)
              and not exists (select 1 from letter_attempt a where a.prediction_id = h.prediction_id)
            """;

    /** One for each half of {@link #NOTE_UNTOLD}: after a lost database no clip's address is known, and all of a model have the second key. */
    private static final String INDEX_UNTOLD =
            "create index history_free_untold on history_free (model, created_at) where input_key is null";

    private static final String INDEX_CLIPLESS = """
            create index history_free_clipless on history_free (model, clipless_key, created_at)
            where clipless_key is not null and input_key is not null
            """;

    private static final String ANALYZE = "analyze letter_job, history_free";

    /** Letters and predictions of equal inputs, in the order of their times; a letter before a prediction of its own time. */
    private static final String IN_ORDER = """
            with told as materialized (
              select h.model, k.asked_key, h.input_key, h.created_at, h.prediction_id
              from (select model, asked_key, input_key
                    from letter_job
                    union
                    select model, asked_key, asked_key
                    from letter_job) k
              join history_free h on h.model = k.model and h.input_key = k.input_key
            )
            select model, asked_key, input_key, active_at - %s as at, job_id, null as prediction_id
            from letter_job
            where (model, asked_key) in (select model, asked_key from told)
            union all
            select model, asked_key, input_key, created_at, null, prediction_id
            from told
            order by model, asked_key, at, prediction_id nulls first, job_id
            """.formatted(MARGIN);

    private static final String NOTE_MADE = """
            update letter_job j
            set evidence = 'provider_has_it',
                message = 'the provider made prediction ' || m.prediction_id || ' of its model with '
                  || case when h.input_key = j.input_key then 'an equal input' else 'the input that it is to have now' end
                  || coalesce(to_char(h.told_at at time zone 'utc', ' at YYYY-MM-DD"T"HH24:MI:SS"Z"'), '')
                  || ', after its letter was written, and no attempt here has it'
            from unnest(?::uuid[], ?::text[]) as m(job_id, prediction_id)
            join history_free h on h.prediction_id = m.prediction_id
            where j.job_id = m.job_id
              and j.model = h.model
            """;

    /** The latest that a job's own may be, in each half one entry of an index. */
    static final String NOTE_UNTOLD = """
            update letter_job n
            set evidence = 'history_unread', message = u.message
            from (select j.job_id, d.message
                  from letter_job j
                  cross join lateral (
                    select 'the provider made prediction ' || h.prediction_id || ' of its model after its letter was written, '
                             || h.likeness as message
                    from ((select prediction_id, created_at, 'and does not tell its input' as likeness
                           from history_free
                           where model = j.model
                             and input_key is null
                             and created_at > j.active_at - %1$s
                           order by created_at desc
                           limit 1)
                          union all
                          (select c.*
                           from (values (j.clipless_key), (j.asked_clipless)) k(clipless_key)
                           cross join lateral (
                             select prediction_id, created_at,
                                    'with an equal input but for the clip, whose address is not known here'
                             from history_free
                             where model = j.model
                               and clipless_key = k.clipless_key
                               and input_key is not null
                               and created_at > j.active_at - %1$s
                             order by created_at desc
                             limit 1) c)) h
                    order by h.created_at desc
                    limit 1) d
                  where j.evidence is null) u
            where n.job_id = u.job_id
            """.formatted(MARGIN);

    /**
     * A job that somebody sent, and nobody knows the end of, may have been made before the history begins. Of one that failed as
     * long ago this is no more likely than of any.
     */
    private static final String NOTE_BEYOND = """
            update letter_job n
            set evidence = 'history_unread',
                message = 'it may have been made '
                  || case when n.active_at = to_timestamp(0) then 'at any time'
                          else to_char(n.active_at at time zone 'utc', '"since "YYYY-MM-DD"T"HH24:MI:SS"Z"') end
                  || ', and the provider''s history does not reach that far back'
            from job j
            where j.id = n.job_id
              and j.error_class = 'unknown_job'
              and n.evidence is null
              and n.active_at - %s < now() - make_interval(secs => ?)
            """.formatted(MARGIN);

    /** Of models whose history was not read, or not far enough back: somebody went on without. */
    private static final String NOTE_UNREAD = """
            update letter_job j
            set evidence = 'history_unread', message = 'the provider''s history of its model was not read'
            where j.evidence is null
              and not exists (select 1
                              from history_question q
                              where q.model = j.model
                                and q.state = 'read'
                                and q.read_at > now() - make_interval(secs => ?)
                                and q.since <= greatest(j.active_at, now() - make_interval(secs => ?)))
            """;

    private static final String KEEP = """
            with kept as (
              update restored_job r
              set evidence = j.evidence, evidence_message = j.message
              from letter_job j
              where r.job_id = j.job_id
                and (j.evidence, j.message) is distinct from (r.evidence, r.evidence_message)
            )
            update resolution_item i
            set evidence = j.evidence, evidence_message = j.message
            from letter_job j
            where i.resolution_id = ?
              and i.job_id = j.job_id
              and j.evidence is not null
            """;

    private LetterEvidence() {}

    /** Notes it at the items of the replay and at the restored jobs. */
    static void note(Connection connection, UUID replayId) throws SQLException {
        run(connection, CREATE_JOBS);
        try (Bind bind = Bind.of(connection, FIND_JOBS)) {
            bind.uuid(replayId).update();
        }
        run(connection, CREATE_FREE);
        run(connection, FIND_FREE);
        run(connection, INDEX_UNTOLD);
        run(connection, INDEX_CLIPLESS);
        run(connection, ANALYZE);
        noteMade(connection, made(connection));
        run(connection, NOTE_UNTOLD);
        try (Bind bind = Bind.of(connection, NOTE_BEYOND)) {
            bind.seconds(HistoryStore.KEPT_BY_PROVIDER).update();
        }
        try (Bind bind = Bind.of(connection, NOTE_UNREAD)) {
            bind.seconds(HistoryStore.COUNTS_FOR)
                    .seconds(HistoryStore.KEPT_BY_PROVIDER)
                    .update();
        }
        try (Bind bind = Bind.of(connection, KEEP)) {
            bind.uuid(replayId).update();
        }
    }

    private static void noteMade(Connection connection, List<Map.Entry<UUID, String>> made) throws SQLException {
        for (int from = 0; from < made.size(); from += AT_ONCE) {
            List<Map.Entry<UUID, String>> some = made.subList(from, Math.min(from + AT_ONCE, made.size()));
            try (Bind bind = Bind.of(connection, NOTE_MADE)) {
                bind.array("uuid", some, Map.Entry::getKey)
                        .array("text", some, Map.Entry::getValue)
                        .update();
            }
        }
    }

    /** Row by row, so that only the jobs against which something stands are in memory. */
    private static List<Map.Entry<UUID, String>> made(Connection connection) throws SQLException {
        EvidenceMatch match = new EvidenceMatch();
        try (Bind bind = Bind.of(connection, IN_ORDER)) {
            bind.each(row -> match.take(new EvidenceMatch.Event(
                    row.getString("model"),
                    row.getString("asked_key"),
                    row.getString("input_key"),
                    row.getObject("job_id", UUID.class),
                    row.getString("prediction_id"))));
        }
        return List.copyOf(match.made().entrySet());
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Bind bind = Bind.of(connection, sql)) {
            bind.update();
        }
    }
}
