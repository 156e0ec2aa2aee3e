package io.wavequeue.store;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Tells which archived outputs of a batch are takes of one cue, that is, of jobs with the same reference. Called by the API. */
@ApplicationScoped
public class BatchTakes {
    private static final String NAME = "select name from batch where id = ?";

    /** All takes of the cues are counted, and those of the jobs are told. */
    static final String TAKES = """
            select t.job_id, t.number, t.place, t.takes
            from (select o.job_id, o.number,
                         row_number() over (partition by p.reference order by p.created_at, p.job_id, o.number)::int as place,
                         count(*) over (partition by p.reference)::int as takes
                  from unnest(?::text[]) as cue(reference)
                  join job_payload p on p.reference = cue.reference
                  join job j on j.id = p.job_id
                  join output o on o.job_id = p.job_id
                  where j.batch_id = ?
                    and j.status = 'succeeded'
                    and o.archived_at is not null) t
            where t.job_id = any(?::uuid[])
            """;

    /** References that are alike once what a pattern matches is replaced; of the rows that {@code %s} names. */
    static final String ALIKE_AMONG = """
            select reference
            from (select reference, count(*) over (partition by lower(regexp_replace(reference, ?, '_', 'g'))) as alike
                  from (select distinct reference
                        from %s) cue) named
            where alike > 1
            """;

    private static final String ALIKE = ALIKE_AMONG.formatted("job where batch_id = ? and reference is not null");

    private final Database database;

    BatchTakes(Database database) {
        this.database = database;
    }

    /** That there is such a batch, and the library that it is for; null = none was named. */
    public record NamedBatch(UUID id, @Nullable String name) {}

    /** An output, by its job and its number there. */
    public record OutputKey(UUID job, int number) {}

    /**
     * An output's place among its cue's.
     *
     * @param place from 1, in the order of the file
     * @param of how many takes the cue has
     */
    public record Take(int place, int of) {}

    /** The batch of that id. */
    public Optional<NamedBatch> batch(UUID id) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, NAME)) {
                return bind.uuid(id).rows(row -> new NamedBatch(id, row.getString("name"))).stream()
                        .findFirst();
            }
        });
    }

    /** The archived outputs of these jobs, as far as they have succeeded. */
    public Map<OutputKey, Take> takes(UUID batch, Set<String> references, Collection<UUID> jobs) {
        if (references.isEmpty()) {
            return Map.of();
        }
        return database.inTransaction(connection -> {
            Map<OutputKey, Take> takes = new HashMap<>();
            try (Bind bind = Bind.of(connection, TAKES)) {
                bind.array("text", references, reference -> reference)
                        .uuid(batch)
                        .array("uuid", jobs, job -> job)
                        .rows(row -> takes.put(
                                new OutputKey(Bind.uuid(row, "job_id"), row.getInt("number")),
                                new Take(row.getInt("place"), row.getInt("takes"))));
            }
            return takes;
        });
    }

    /**
     * The references that another one of the batch equals once what the pattern matches is an underscore and case is not
     * looked at.
     *
     * @param replaced a regular expression that PostgreSQL reads as Java does
     */
    public Set<String> alike(UUID batch, String replaced) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, ALIKE)) {
                List<String> found = bind.text(replaced).uuid(batch).rows(row -> row.getString("reference"));
                return new HashSet<>(found);
            }
        });
    }
}
