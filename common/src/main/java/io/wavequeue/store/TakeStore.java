package io.wavequeue.store;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads libraries and their takes, and keeps what people decide of them. Called by the API. */
@ApplicationScoped
public class TakeStore {
    private static final String LIBRARIES = """
            select l.name, l.created_at, count(t.reference) as takes, count(distinct t.reference) as cues
            from library l
            left join take t on t.library = l.name
            where ?::text is null or l.name > ?::text
            group by l.name, l.created_at
            order by l.name
            limit ?
            """;

    private static final String PAGE = """
            select *
            from take
            where library = ?
              and (?::text is null or reference = ?::text)
              and (reference, number) > (?, ?::smallint)
            order by reference, number
            limit ?
            """;

    private static final String IS_LIBRARY = "select exists (select 1 from library where name = ?)";

    private static final String LOCK = """
            select t.*,
                   exists (select 1
                           from output o
                           where o.job_id = t.job_id
                             and o.archived_at is not null
                             and o.number < %d) as has_file
            from take t
            where t.library = ?
              and t.reference = ?
            order by t.number
            for update of t
            """.formatted(LookoutStore.LATE_FROM);

    private static final String DECIDE = """
            update take
            set decision = ?::text, decided_at = case when ?::text is not null then now() end, updated_at = now()
            where library = ?
              and reference = ?
              and number = ?::smallint
            """;

    /** A picked take takes the cue's name from another one: all of the cue's files are looked at. */
    private static final String PLACE = """
            update take
            set place_at = now()
            where library = ?
              and reference = ?
            """;

    /** A unique index allows one picked take: the old one goes first. */
    private static final String UNPICK = """
            update take
            set decision = null, decided_at = null
            where library = ?
              and reference = ?
              and decision = 'picked'
              and number <> ?::smallint
            """;

    private final Database database;

    TakeStore(Database database) {
        this.database = database;
    }

    /** A library and how much it has. */
    public record Library(String name, long cues, long takes, Instant createdAt) {}

    /**
     * A take of a library.
     *
     * @param decision picked or rejected; null = nobody has decided
     * @param files its named files below the folder of outputs
     */
    public record Take(
            String library,
            String reference,
            int number,
            String contentKey,
            UUID job,
            @Nullable String decision,
            List<String> files) {}

    /** What a person says of a take. */
    public enum Decision {
        PICK("picked"),
        REJECT("rejected"),
        CLEAR(null);

        private final @Nullable String code;

        Decision(@Nullable String code) {
            this.code = code;
        }
    }

    /** What came of a decision. */
    public enum Decided {
        DONE,
        UNKNOWN,
        /** Nobody can judge it: nothing of it is archived yet. */
        WITHOUT_RESULT
    }

    /** By name. @param after name of the last one before; null = from the first */
    public List<Library> libraries(@Nullable String after, int most) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, LIBRARIES)) {
                return bind.text(after)
                        .text(after)
                        .integer(most)
                        .rows(row -> new Library(
                                row.getString("name"),
                                row.getLong("cues"),
                                row.getLong("takes"),
                                Bind.instant(row, "created_at")));
            }
        });
    }

    public boolean isLibrary(String name) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, IS_LIBRARY)) {
                return bind.text(name).row(row -> row.getBoolean(1));
            }
        });
    }

    /**
     * By reference and number.
     *
     * @param reference null = of all cues
     * @param afterReference of the last one before; "" = from the first
     */
    public List<Take> page(
            String library, @Nullable String reference, String afterReference, int afterNumber, int most) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, PAGE)) {
                return bind.text(library)
                        .text(reference)
                        .text(reference)
                        .text(afterReference)
                        .integer(afterNumber)
                        .integer(most)
                        .rows(TakeStore::take);
            }
        });
    }

    public Optional<Take> find(String library, String reference, int number) {
        return page(library, reference, reference, number - 1, 1).stream()
                .filter(take -> take.number() == number)
                .findFirst();
    }

    /** Keeps what a person says; its named files and those of the cue's other takes follow. */
    public Decided decide(String library, String reference, int number, Decision decision) {
        return database.inTransaction(connection -> {
            Optional<Boolean> hasFile = lock(connection, library, reference, number);
            if (hasFile.isEmpty()) {
                return Decided.UNKNOWN;
            }
            if (decision != Decision.CLEAR && !hasFile.get()) {
                return Decided.WITHOUT_RESULT;
            }
            if (decision == Decision.PICK) {
                try (Bind bind = Bind.of(connection, UNPICK)) {
                    bind.text(library).text(reference).integer(number).update();
                }
            }
            try (Bind bind = Bind.of(connection, DECIDE)) {
                bind.text(decision.code)
                        .text(decision.code)
                        .text(library)
                        .text(reference)
                        .integer(number)
                        .update();
            }
            try (Bind bind = Bind.of(connection, PLACE)) {
                bind.text(library).text(reference).update();
            }
            return Decided.DONE;
        });
    }

    private record Locked(int number, boolean hasFile) {}

    /** Locks the cue; whether the take has a file, empty when there is no such take. */
    private static Optional<Boolean> lock(Connection connection, String library, String reference, int number)
            throws SQLException {
        try (Bind bind = Bind.of(connection, LOCK)) {
            return bind
                    .text(library)
                    .text(reference)
                    .rows(row -> new Locked(row.getInt("number"), row.getBoolean("has_file")))
                    .stream()
                    .filter(locked -> locked.number() == number)
                    .map(Locked::hasFile)
                    .findFirst();
        }
    }

    private static Take take(ResultSet row) throws SQLException {
        Array files = row.getArray("files");
        return new Take(
                row.getString("library"),
                row.getString("reference"),
                row.getInt("number"),
                row.getString("content_key"),
                Bind.uuid(row, "job_id"),
                row.getString("decision"),
                List.of((String[]) files.getArray()));
    }
}
