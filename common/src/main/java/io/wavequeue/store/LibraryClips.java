package io.wavequeue.store;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Tells which files of a library are to be used: of a cue the picked take, else all that nobody rejected. Called by the API. */
@ApplicationScoped
public class LibraryClips {
    private static final String PAGE = """
            with cue as (
              select distinct t.reference
              from take t
              where t.library = ?
                and t.reference > ?
              order by t.reference
              limit ?
            ), clip as (
              select t.reference, t.number as take, o.number,
                     coalesce(t.files[row_number() over (partition by t.reference, t.number order by o.number)], o.file) as file
              from cue c
              join take t on t.library = ? and t.reference = c.reference
              join output o on o.job_id = t.job_id
              where o.archived_at is not null
                and o.number < %d
                and t.decision is distinct from 'rejected'
                and (t.decision = 'picked'
                     or not exists (select 1
                                    from take p
                                    where p.library = t.library
                                      and p.reference = t.reference
                                      and p.decision = 'picked'))
            )
            select c.reference, l.file,
                   row_number() over (partition by c.reference order by l.take, l.number)::int as place,
                   count(l.file) over (partition by c.reference)::int as clips
            from cue c
            left join clip l on l.reference = c.reference
            order by c.reference, place
            """.formatted(LookoutStore.LATE_FROM);

    private static final String ALIKE = BatchTakes.ALIKE_AMONG.formatted("take where library = ?");

    private final Database database;

    LibraryClips(Database database) {
        this.database = database;
    }

    /**
     * A file of a cue.
     *
     * @param file path below the folder of outputs: its named file where there is one; "" = the cue has none
     * @param place from 1, in the order of the takes
     * @param clips how many the cue has
     */
    public record Clip(String reference, String file, int place, int clips) {}

    /** The clips of so many cues, by reference; each cue has at least one row. @param after reference of the cue before */
    public List<Clip> page(String library, String after, int cues) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, PAGE)) {
                return bind.text(library)
                        .text(after)
                        .integer(cues)
                        .text(library)
                        .rows(row -> {
                            String file = row.getString("file");
                            return new Clip(
                                    row.getString("reference"),
                                    file == null ? "" : file,
                                    row.getInt("place"),
                                    row.getInt("clips"));
                        });
            }
        });
    }

    /** As {@link BatchTakes#alike} of the references of a library. */
    public Set<String> alike(String library, String replaced) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, ALIKE)) {
                List<String> found = bind.text(replaced).text(library).rows(row -> row.getString("reference"));
                return new HashSet<>(found);
            }
        });
    }
}
