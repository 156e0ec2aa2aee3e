package io.wavequeue.store;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Removes what is old by rule, a chunk a transaction, and tells which files nobody names any more.
 *
 * <p>A row's removal and the note of its file are one transaction, and the note goes when the file is gone. So nothing says that
 * a file is there which is not, and no file is forgotten, wherever a process dies.
 */
@ApplicationScoped
public class RetentionStore {
    /** Serialises the removers of all processes: two of them would only wait for each other. */
    private static final long LOCK = 0x52455441;

    private static final String TAKE_FILES = """
            with due as (
              select folder, file
              from removal
              where remove_at <= now()
              order by remove_at
              limit ?
              for update skip locked
            ), judged as materialized (
              select d.folder, d.file,
                     case d.folder
                       when 'media' then (select true from media m where m.sha256 = d.file)
                       else (select true
                             from output o
                             where o.file = d.file
                               and o.file like 'unassigned/%'
                             limit 1)
                     end is not null as named
              from due d
            ), kept as (
              delete from removal r
              using judged j
              where r.folder = j.folder
                and r.file = j.file
                and j.named
            )
            update removal r
            set remove_at = now() + make_interval(secs => ?)
            from judged j
            where r.folder = j.folder
              and r.file = j.file
              and not j.named
            returning r.folder, r.file
            """;

    private static final String REMOVED = """
            delete from removal r
            using unnest(?::text[], ?::text[]) as f(folder, file)
            where r.folder = f.folder
              and r.file = f.file
            """;

    private static final String FAILED = """
            update removal
            set error = ?, remove_at = now() + make_interval(secs => ?)
            where folder = ?
              and file = ?
            """;

    private final Database database;

    RetentionStore(Database database) {
        this.database = database;
    }

    /**
     * How long what is kept. Null = for ever.
     *
     * @param jobs from a job's end; also what else has no time of its own
     * @param files from a file's archiving, and at least as long as its job's rows
     * @param media from the last request that asked for the clip
     * @param plans from the making of a plan that was not applied
     * @param bill from the billing of a line, or a difference's end
     */
    public record Keeping(
            @Nullable Duration jobs,
            @Nullable Duration files,
            @Nullable Duration media,
            @Nullable Duration plans,
            @Nullable Duration bill) {
        /** Null = for ever. */
        @Nullable
        Duration of(RetentionRule rule) {
            return switch (rule.kept()) {
                case JOBS -> jobs;
                case PLANS -> plans;
                case BILL -> bill;
                case MEDIA -> media;
            };
        }
    }

    /** A place in the order of what a rule looks at: behind that row. */
    public record Place(Instant at, String id) {}

    /**
     * What became of a chunk.
     *
     * @param next where the rule goes on; null = there is no more
     */
    public record Chunk(int removed, @Nullable Place next) {}

    /**
     * Removes what may go of the next rows behind the place.
     *
     * @param place null = from the oldest on
     * @return empty when another process is at it, or a batch of a library is being made
     */
    public Optional<Chunk> remove(RetentionRule rule, Keeping keeping, @Nullable Place place, int most) {
        Duration keep = keeping.of(rule);
        if (keep == null) {
            return Optional.of(new Chunk(0, null));
        }
        return database.inTransaction(connection -> {
            if (!isOurTurn(connection, rule)) {
                return Optional.empty();
            }
            int chunk = rule.atOnce(most);
            List<Place> old = next(connection, rule, keep, place == null ? first(rule) : place, chunk);
            int removed = old.isEmpty() ? 0 : remove(connection, rule, keep, keeping.files(), old);
            return Optional.of(new Chunk(removed, old.size() < chunk ? null : old.getLast()));
        });
    }

    /** A file that no row names. */
    public record OldFile(Folder folder, String file) {}

    /** Where it lies. */
    public enum Folder {
        /** An archived file; what was written beside it goes with it. */
        OUTPUTS,
        /** A source clip. */
        MEDIA;

        String code() {
            return this == OUTPUTS ? "outputs" : "media";
        }

        static Folder of(String code) {
            return code.equals("outputs") ? OUTPUTS : MEDIA;
        }
    }

    /** Takes files that are to be removed; nobody else has them before the lease is over. What a row names again is left. */
    public List<OldFile> takeFiles(int most, Duration lease) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, TAKE_FILES)) {
                return bind.integer(most)
                        .seconds(lease)
                        .rows(row -> new OldFile(Folder.of(row.getString("folder")), row.getString("file")));
            }
        });
    }

    /** They are not there any more. */
    public void removed(Collection<OldFile> files) {
        database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, REMOVED)) {
                return bind.array("text", files, file -> file.folder().code())
                        .array("text", files, OldFile::file)
                        .update();
            }
        });
    }

    /** It could not be removed, and is tried again after the delay. */
    public void failed(OldFile file, String reason, Duration again) {
        database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, FAILED)) {
                return bind.text(reason)
                        .seconds(again)
                        .text(file.folder().code())
                        .text(file.file())
                        .update();
            }
        });
    }

    private static boolean isOurTurn(Connection connection, RetentionRule rule) throws SQLException {
        try (Bind bind = Bind.of(connection, "select pg_try_advisory_xact_lock(?)")) {
            if (!bind.number(LOCK).<Boolean>row(row -> row.getBoolean(1))) {
                return false;
            }
        }
        if (rule != RetentionRule.JOBS) {
            return true;
        }
        try (Bind bind = Bind.of(connection, "select libraries_are_at_rest()")) {
            return bind.row(row -> row.getBoolean(1));
        }
    }

    /** Before every row: the least of each type of id. */
    private static Place first(RetentionRule rule) {
        return new Place(
                Instant.EPOCH,
                switch (rule) {
                    case RESOLUTIONS, JOBS, BATCHES, PLANS, WORKERS -> "00000000-0000-0000-0000-000000000000";
                    case UNASSIGNED, DIFFERENCES -> "0";
                    case LOOKOUTS, BILL_ROWS, MEDIA, ADDRESSES -> "";
                });
    }

    private static List<Place> next(Connection connection, RetentionRule rule, Duration keep, Place place, int most)
            throws SQLException {
        try (Bind bind = Bind.of(connection, rule.next())) {
            return bind.time(place.at())
                    .text(place.id())
                    .seconds(keep)
                    .integer(most)
                    .rows(row -> new Place(Bind.instant(row, "at"), row.getString("id")));
        }
    }

    private static int remove(
            Connection connection, RetentionRule rule, Duration keep, @Nullable Duration files, List<Place> old)
            throws SQLException {
        if (rule == RetentionRule.MEDIA) {
            try (Bind bind = Bind.of(connection, RetentionSql.READ_BY_BITMAP)) {
                bind.row(row -> row.getString(1));
            }
        }
        try (Bind bind = Bind.of(connection, rule.remove())) {
            bind.array("text", old, Place::id).seconds(keep);
            if (rule == RetentionRule.JOBS || rule == RetentionRule.UNASSIGNED) {
                bind.seconds(files);
            }
            return bind.rows(row -> row.getInt(1)).size();
        }
    }
}
