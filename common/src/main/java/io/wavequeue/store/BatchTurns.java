package io.wavequeue.store;

import io.wavequeue.job.Lane;
import io.wavequeue.store.DispatchStore.DueJob;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * Takes jobs of a lane that were not sent yet, one from each batch in turn; those of no batch are one more batch.
 *
 * <p>The turn goes on where the last step stopped, so shares are equal over many small steps. A batch with fewer jobs than
 * its share leaves the rest to the others, and one that comes later shares from then on: what the others got before is not
 * made up for.
 */
final class BatchTurns {
    /** The batch of jobs of no batch: after all others. */
    private static final UUID NONE = new UUID(-1, -1);

    /** Asked at once after those that were asked first had too few: most may have but jobs of a model in trouble. */
    private static final int ASKED_THEN = 500;

    /** Batches with due jobs, in turn: from one to the next by the index, however many jobs each has. */
    static final String IN_TURN = """
            with recursive lined_up(id, due_at) as (
              (select coalesce(batch_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid), dispatch_at
               from job
               where dispatch_at is not null
                 and sends = 0
                 and lane = ?
               order by coalesce(batch_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid), dispatch_at, id
               limit 1)
              union all
              select n.id, n.due_at
              from lined_up b
              cross join lateral (
                select coalesce(batch_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid) as id, dispatch_at as due_at
                from job
                where dispatch_at is not null
                  and sends = 0
                  and lane = ?
                  and coalesce(batch_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid) > b.id
                order by coalesce(batch_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid), dispatch_at, job.id
                limit 1) n
            )
            select b.id, (select stop from batch where batch.id = b.id) is not null as stopped
            from lined_up b
            left join dispatch_turn t on t.lane = ?
            where b.due_at <= now()
            order by b.id <= t.batch_id, b.id
            """;

    /** As many of each batch, one of each in turn. */
    private static final String TAKE = DispatchStore.TAKE.formatted("""
              select id, row_number() over (order by round, turn) as place
              from (select d.id, b.turn, row_number() over (partition by b.turn order by d.dispatch_at, d.id) as round
                    from unnest(?::uuid[]) with ordinality as b(id, turn)
                    cross join lateral (
                      select job.id, dispatch_at
                      from job
                      where dispatch_at is not null
                        and sends = 0
                        and lane = ?
                        and coalesce(batch_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid) = b.id
                        and model %s (?::text[])
                        and dispatch_at <= now()
                      order by dispatch_at, job.id
                      limit ?
                      for no key update skip locked) d) d
              order by round, turn
              limit ?
            """);

    static final String BUT = TAKE.formatted("<> all");
    static final String OF = TAKE.formatted("= any");

    private static final String TURN = "update dispatch_turn set batch_id = ? where lane = ?";

    private final Connection connection;
    private final Lane lane;
    private final Duration sendAgain;

    BatchTurns(Connection connection, Lane lane, Duration sendAgain) {
        this.connection = connection;
        this.lane = lane;
        this.sendAgain = sendAgain;
    }

    /** Takes at most so many of all models but these, in the order in which they are to be sent. */
    List<DueJob> takeBut(List<String> models, int room) throws SQLException {
        return take(BUT, models, room);
    }

    /** The same, of these models. */
    List<DueJob> takeOf(List<String> models, int room) throws SQLException {
        return take(OF, models, room);
    }

    private List<DueJob> take(String sql, List<String> models, int room) throws SQLException {
        if (room <= 0) {
            return List.of();
        }
        List<DueJob> due = new ArrayList<>();
        Deque<UUID> batches = new ArrayDeque<>(inTurn());
        int most = room;
        while (due.size() < room && !batches.isEmpty()) {
            due.addAll(round(sql, models, batches, most, room - due.size()));
            most = Math.max(room, ASKED_THEN);
        }
        if (!due.isEmpty()) {
            setTurn(batch(due.getLast()));
        }
        return due;
    }

    /** Asks the next batches, at most so many, for the same number each; those that have it queue up again, the others have no more. */
    private List<DueJob> round(String sql, List<String> models, Deque<UUID> batches, int most, int room)
            throws SQLException {
        List<UUID> asked = new ArrayList<>();
        while (asked.size() < most && !batches.isEmpty()) {
            asked.add(batches.removeFirst());
        }
        int each = Math.ceilDiv(room, asked.size());
        List<DueJob> due = take(sql, models, asked, each, room);
        Map<UUID, Integer> given = new HashMap<>();
        due.forEach(job -> given.merge(batch(job), 1, Integer::sum));
        asked.stream().filter(batch -> given.getOrDefault(batch, 0) == each).forEach(batches::addLast);
        return due;
    }

    private List<DueJob> take(String sql, List<String> models, Collection<UUID> batches, int each, int room)
            throws SQLException {
        try (Bind bind = Bind.of(connection, sql)) {
            return bind.array("uuid", batches, batch -> batch)
                    .text(lane.code())
                    .array("text", models, model -> model)
                    .integer(each)
                    .integer(room)
                    .seconds(sendAgain)
                    .rows(DispatchStore::due);
        }
    }

    /** None of a stopped batch: its jobs are to follow it, also those that came back to the queue since they did. */
    private List<UUID> inTurn() throws SQLException {
        List<Turn> turns;
        try (Bind bind = Bind.of(connection, IN_TURN)) {
            turns = bind.text(lane.code())
                    .text(lane.code())
                    .text(lane.code())
                    .rows(row -> new Turn(Bind.uuid(row, "id"), row.getBoolean("stopped")));
        }
        BatchFollowStore.remind(connection, batches(turns, true));
        return batches(turns, false);
    }

    private record Turn(UUID batch, boolean stopped) {}

    private static List<UUID> batches(List<Turn> turns, boolean stopped) {
        return turns.stream()
                .filter(turn -> turn.stopped() == stopped)
                .map(Turn::batch)
                .toList();
    }

    private void setTurn(UUID batch) throws SQLException {
        try (Bind bind = Bind.of(connection, TURN)) {
            bind.uuid(batch).text(lane.code()).update();
        }
    }

    private static UUID batch(DueJob job) {
        return Objects.requireNonNullElse(job.batchId(), NONE);
    }
}
