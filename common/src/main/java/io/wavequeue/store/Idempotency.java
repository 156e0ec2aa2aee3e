package io.wavequeue.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * First answers by Idempotency-Key, written in the transaction that makes what was asked for, and kept as long as that.
 *
 * <p>A call whose key another call is using at this moment waits for it.
 */
public final class Idempotency {
    /** Waits for another transaction that is inserting the same key, so that a repeated call gets the first answer. */
    private static final String RESERVE = """
            insert into idempotency_key (scope, key, body_hash)
            values (?, ?, ?)
            on conflict (scope, key) do nothing
            """;

    private static final String READ =
            "select body_hash, status, location, answer from idempotency_key where scope = ? and key = ?";

    private static final String KEEP = """
            update idempotency_key
            set %s = ?, status = ?, location = ?, answer = ?
            where scope = ?
              and key = ?
            """;

    private Idempotency() {}

    /**
     * A caller's Idempotency-Key.
     *
     * @param scope the call it belongs to, for example {@code POST /v1/jobs}
     * @param bodyHash hash of all that was asked for: bodies in canonical form, or raw where they are not JSON
     */
    public record Key(String scope, String key, String bodyHash) {}

    /** An answer to keep for a repeated call. */
    public record Answer(int status, String location, String body) {}

    /** What became of a keyed request. */
    public sealed interface Result {
        /** What was asked for was written now. */
        record Made(Answer answer) implements Result {}

        /** The same request was answered before. */
        record Repeated(Answer first) implements Result {}

        /** The key was used with another request. */
        record OtherBody() implements Result {}
    }

    /** What a key makes; the answer goes when it goes. */
    enum Thing {
        JOB("job_id"),
        BATCH("batch_id"),
        BULK("resolution_id");

        private final String keep;

        Thing(String column) {
            keep = KEEP.formatted(column);
        }
    }

    /** Writes what was asked for. */
    @FunctionalInterface
    interface Making {
        Answer make() throws SQLException;
    }

    /** Makes the thing unless the key was used before; without a key, always. */
    static Result once(Connection connection, @Nullable Key key, Thing thing, UUID id, Making making)
            throws SQLException {
        if (key != null && !reserve(connection, key)) {
            return earlier(connection, key).orElseThrow();
        }
        Answer answer = making.make();
        if (key != null) {
            keep(connection, key, thing, id, answer);
        }
        return new Result.Made(answer);
    }

    /** What the key made before; empty when it is new. */
    static Optional<Result> earlier(Connection connection, Key key) throws SQLException {
        try (Bind bind = Bind.of(connection, READ)) {
            return bind
                    .text(key.scope())
                    .text(key.key())
                    .<Result>rows(row -> row.getString("body_hash").equals(key.bodyHash())
                            ? new Result.Repeated(new Answer(
                                    row.getInt("status"), row.getString("location"), row.getString("answer")))
                            : new Result.OtherBody())
                    .stream()
                    .findFirst();
        }
    }

    private static boolean reserve(Connection connection, Key key) throws SQLException {
        try (Bind bind = Bind.of(connection, RESERVE)) {
            return bind.text(key.scope()).text(key.key()).text(key.bodyHash()).update() == 1;
        }
    }

    private static void keep(Connection connection, Key key, Thing thing, UUID id, Answer answer) throws SQLException {
        try (Bind bind = Bind.of(connection, thing.keep)) {
            bind.uuid(id)
                    .integer(answer.status())
                    .text(answer.location())
                    .text(answer.body())
                    .text(key.scope())
                    .text(key.key())
                    .update();
        }
    }
}
