package io.wavequeue.store;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Takes whose named files are to be compared with what they should be.
 *
 * <p>A library is one worker's at a time, by a lease that it renews: names move from take to take, and two who moved them would
 * remove each other's. A take stays due until it is done, so a worker that dies meanwhile loses nothing.
 */
@ApplicationScoped
public class PlaceStore {
    /** The line is read only so far: libraries that come behind a long one wait for it. */
    private static final String TAKE = """
            with line as materialized (
              select library, reference, place_at
              from take
              where place_at <= now()
              order by place_at
              limit 1000
            ), chosen as (
              select l.library
              from line l
              where not exists (select 1
                                from lease h
                                where h.name = 'library ' || l.library
                                  and h.holder <> ?
                                  and h.held_until >= now())
              order by l.place_at
              limit 1
            ), leased as (
              insert into lease as h (name, holder, held_until)
              select 'library ' || library, ?, now() + make_interval(secs => ?)
              from chosen
              on conflict (name) do update
              set holder = excluded.holder, held_until = excluded.held_until
              where h.holder = excluded.holder
                 or h.held_until < now()
              returning 1
            )
            select l.library, l.reference
            from line l
            join chosen c on c.library = l.library
            where exists (select 1 from leased)
            group by l.library, l.reference
            order by min(l.place_at), l.reference
            limit ?
            """;

    /** Late outputs, from number 1000 on, are nobody's result. */
    static final String READ = """
            select t.reference, t.number, t.name, t.cue_name, t.decision, t.files, t.place_at,
                   exists (select 1
                           from output w
                           where w.job_id = t.job_id
                             and w.number < 1000
                             and w.archive_at is not null) as waits,
                   o.number as output, o.file, o.content_type, o.bytes, o.sha256
            from unnest(?::text[]) as cue(reference)
            cross join lateral (select * from take where library = ? and reference = cue.reference offset 0) t
            left join lateral (select *
                               from output
                               where job_id = t.job_id
                                 and number < 1000
                                 and archived_at is not null
                               offset 0) o on true
            order by t.reference, t.number, o.number
            """;

    private static final String OF_OTHERS = """
            select distinct f.file
            from take t
            cross join lateral unnest(t.files) as f(file)
            where t.library = ?
              and f.file = any(?::text[])
              and not t.reference = any(?::text[])
            """;

    /** Take by take: joined with a list of them, a library that grew since its last statistics is read whole for each hundred. */
    private static final String FILES = """
            update take
            set files = ?, place_at = case when ? and place_at = ? then null else place_at end
            where library = ?
              and reference = ?
              and number = ?::smallint
            """;

    private static final String LATER = """
            update take
            set place_at = now() + make_interval(secs => ?)
            where library = ?
              and reference = any(?::text[])
              and place_at <= now()
            """;

    private final Database database;
    private final LeaseStore leases;

    PlaceStore(Database database, LeaseStore leases) {
        this.database = database;
        this.leases = leases;
    }

    /** Cues of one library, with all of their takes. */
    public record Cues(String library, List<Take> takes) {
        public Set<String> references() {
            Set<String> references = new HashSet<>();
            takes.forEach(take -> references.add(take.reference()));
            return references;
        }
    }

    /**
     * A take as it is now.
     *
     * @param name of its file, below the library's folder and without extension; null = it gets none
     * @param cueName the same while it is picked
     * @param decision {@code picked}, {@code rejected} or null
     * @param files below the outputs, as they were named last
     * @param seen when it was due; null = it was not, and is here for its cue's others
     * @param waits whether outputs of its job are still to be archived
     * @param archived the archived outputs of its job's result
     */
    public record Take(
            String reference,
            int number,
            @Nullable String name,
            @Nullable String cueName,
            @Nullable String decision,
            List<String> files,
            @Nullable Instant seen,
            boolean waits,
            List<Archived> archived) {
        public Take {
            files = List.copyOf(files);
            archived = List.copyOf(archived);
        }

        @Override
        public String toString() {
            return "cue " + reference + ", take " + number;
        }
    }

    /** An archived output, and its number in the job. */
    public record Archived(
            int number, String file, @Nullable String contentType, long bytes, String sha256) {}

    /** A take, and what its named files are. */
    public record Named(Take take, List<String> files) {
        public Named {
            files = List.copyOf(files);
        }
    }

    /** Takes a library and the cues of it that have been due for longest, at most {@code most}. */
    public Optional<Cues> take(UUID worker, Duration lease, int most) {
        return database.inTransaction(connection -> {
            Map<String, String> due = new LinkedHashMap<>();
            try (Bind bind = Bind.of(connection, TAKE)) {
                bind.uuid(worker)
                        .uuid(worker)
                        .seconds(lease)
                        .integer(most)
                        .rows(row -> due.put(row.getString("reference"), row.getString("library")));
            }
            if (due.isEmpty()) {
                return Optional.empty();
            }
            String library = due.values().iterator().next();
            return Optional.of(new Cues(library, read(connection, library, due.keySet())));
        });
    }

    private static List<Take> read(Connection connection, String library, Collection<String> references)
            throws SQLException {
        Map<String, Take> takes = new LinkedHashMap<>();
        try (Bind bind = Bind.of(connection, READ)) {
            bind.array("text", references, reference -> reference)
                    .text(library)
                    .rows(row -> takes.merge(
                            row.getString("reference") + "\n" + row.getInt("number"), take(row), PlaceStore::both));
        }
        return List.copyOf(takes.values());
    }

    private static Take take(ResultSet row) throws SQLException {
        @Nullable String file = row.getString("file");
        return new Take(
                row.getString("reference"),
                row.getInt("number"),
                row.getString("name"),
                row.getString("cue_name"),
                row.getString("decision"),
                List.of((String[]) row.getArray("files").getArray()),
                Bind.time(row, "place_at"),
                row.getBoolean("waits"),
                file == null
                        ? List.of()
                        : List.of(new Archived(
                                row.getInt("output"),
                                file,
                                row.getString("content_type"),
                                row.getLong("bytes"),
                                row.getString("sha256"))));
    }

    /** A take has a row for each of its archived outputs. */
    private static Take both(Take take, Take more) {
        List<Archived> archived = new ArrayList<>(take.archived());
        archived.addAll(more.archived());
        return new Take(
                take.reference(),
                take.number(),
                take.name(),
                take.cueName(),
                take.decision(),
                take.files(),
                take.seen(),
                take.waits(),
                archived);
    }

    /** Keeps the library for so long; false when it is somebody else's by now. */
    public boolean renew(String library, UUID worker, Duration lease) {
        return leases.take("library " + library, worker, lease);
    }

    /** Which of the files other cues of the library name. */
    public Set<String> namedByOthers(Cues cues, Collection<String> files) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, OF_OTHERS)) {
                return new HashSet<>(bind.text(cues.library())
                        .array("text", files, file -> file)
                        .array("text", cues.references(), reference -> reference)
                        .rows(row -> row.getString("file")));
            }
        });
    }

    /** Writes down files that there are going to be, so that what a worker leaves when it dies is known. The takes stay due. */
    public void announce(Cues cues, List<Named> takes) {
        write(cues, takes, false);
    }

    /** Writes down what the files are now. A take that became due again meanwhile stays due. */
    public void placed(Cues cues, List<Named> takes) {
        write(cues, takes, true);
    }

    private void write(Cues cues, List<Named> takes, boolean isDone) {
        database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, FILES)) {
                for (Named named : takes) {
                    bind.array("text", named.files(), file -> file)
                            .flag(isDone)
                            .time(named.take().seen())
                            .text(cues.library())
                            .text(named.take().reference())
                            .integer(named.take().number())
                            .next();
                }
                return bind.updates();
            }
        });
    }

    /** What could not be done is due again after the delay. */
    public void later(Cues cues, Duration delay) {
        database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, LATER)) {
                return bind.seconds(delay)
                        .text(cues.library())
                        .array("text", cues.references(), reference -> reference)
                        .update();
            }
        });
    }
}
