package io.wavequeue.store;

import io.wavequeue.job.NewBatch;
import io.wavequeue.store.Idempotency.Answer;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Compares files of cues with their libraries, and makes batches of what is missing in them. Called by the API.
 *
 * <p>A plan and the batch that it becomes are made by the same comparison, in one transaction each; the second is made only
 * while it comes out as the first did. A library's row is locked while a batch of it is made.
 */
@ApplicationScoped
public class LibraryStore {
    static final int MOST_FAULTS = 1_000;
    private static final int PLANNED = 200;

    /** Ordinals of takes that no line asks for begin here. */
    private static final int BEHIND_ALL = 1 << 30;

    private static final String ADD_LIBRARY = "insert into library (name) values (?) on conflict (name) do nothing";
    private static final String LOCK_LIBRARY = "select name from library where name = ? for update";

    private static final String ADD_PLAN = """
            insert into plan (id, library, manifest, parameters, catalogue, state, lines, summary)
            values (?, ?, ?, ?, ?, ?, ?, ?::json)
            """;

    private static final String ADD_ITEMS = """
            insert into plan_item (plan_id, ordinal, line, reference, take, action, reason, model, content_key, previous_key,
                                   previous_job, estimated_usd, name)
            select ?, ordinal, line, coalesce(reference, ''), take, action, reason, model, content_key, previous_key,
                   coalesce(reused_job, previous_job), case when action = 'reused' then 0 else estimated_usd end, name
            from compared
            where action <> 'unchanged'
            """;

    private static final String ADD_ORPHANS = """
            insert into plan_item (plan_id, ordinal, line, reference, take, action, content_key, previous_key, previous_job, name)
            select ?, ? + row_number() over (), null, o.reference, o.number, 'orphaned', null, o.content_key, o.job_id, o.name
            from (%s) o
            """.formatted(AskedTakes.ORPHANS);

    private static final String READ_PLAN = """
            select manifest, parameters, catalogue, state, batch_id
            from plan
            where id = ?
              and library is not distinct from ?
            for update
            """;

    private static final String APPLIED = "update plan set batch_id = ? where id = ?";

    private static final String NOW = "select now() as now";

    /** A take that is made again, or of another content, has lost what was decided of it. */
    private static final String KEEP_TAKES = """
            insert into take (library, reference, number, content_key, job_id, name, cue_name, retakes, place_at)
            select ?, reference, take, content_key, coalesce(reused_job, job_id), name, cue_name,
                   case when action = 'retake' then retakes + 1 else 0 end,
                   case when reused_job is not null then now() end
            from compared
            where action <> 'unchanged'
              and reference is not null
            order by reference, take
            on conflict (library, reference, number) do update
            set content_key = excluded.content_key, job_id = excluded.job_id, name = excluded.name,
                cue_name = excluded.cue_name, retakes = excluded.retakes, place_at = excluded.place_at, decision = null,
                decided_at = null, updated_at = now()
            """;

    /** What makes no job may have other names, or name the input that its job was replayed with. */
    private static final String KEEP_UNCHANGED = """
            update take t
            set name = c.name, cue_name = c.cue_name, content_key = c.content_key, updated_at = now(),
                place_at = case when t.name is distinct from c.name or t.cue_name is distinct from c.cue_name
                                then now() else t.place_at end
            from compared c
            where t.library = ?
              and t.reference = c.reference
              and t.number = c.take
              and c.action = 'unchanged'
              and (t.name is distinct from c.name or t.cue_name is distinct from c.cue_name
                   or t.content_key <> c.content_key)
            """;

    private static final String SEEDED = """
            select c.job_id, c.content_key, c.retakes, p.input
            from compared c
            join job_payload p on p.job_id = c.job_id
            where c.action = 'retake'
              and p.input::jsonb ?? 'seed'
            """;

    private static final String RESEED = """
            update job_payload p
            set input = s.input
            from unnest(?::uuid[], ?::text[]) as s(job_id, input)
            where p.job_id = s.job_id
            """;

    private final Database database;

    LibraryStore(Database database) {
        this.database = database;
    }

    /**
     * What a plan was made from.
     *
     * @param manifest hash of the file
     * @param parameters hash of what was asked beside it, but for what it may cost
     * @param catalogue its fingerprint
     */
    public record Origin(String manifest, String parameters, String catalogue) {}

    /**
     * A file of cues, read and checked line by line.
     *
     * @param library null = it is for none, and everything is new
     * @param spool of all jobs that it asks for, each with its take
     */
    public record CueFile(@Nullable String library, int lines, JobSpool spool, LibraryWish wish, Origin origin) {}

    /** How a batch is made of what a plan names. */
    public interface Making {
        /** Null = every call makes a batch. */
        Idempotency.@Nullable Key key();

        /** Whether jobs may be made whose price nobody knows. */
        boolean acceptsUnknownPrice();

        NewBatch batch(Comparison comparison);

        Answer answer(NewBatch batch, Instant createdAt);

        /**
         * The input of a take that is made again, with another seed.
         *
         * @param retakes how often it is made again by now
         */
        String reseeded(String input, String contentKey, int retakes);
    }

    /** What came of a file. */
    public sealed interface Outcome {
        /** It was done; or the same before, by this key or this plan. */
        record Done(Idempotency.Result result) implements Outcome {}

        /** Lines clash with each other. */
        record Faulty(List<TakeFault> faults) implements Outcome {}

        /** There is no such plan for this library. */
        record UnknownPlan() implements Outcome {}

        /** The plan was made from something else. @param what it was */
        record Outdated(List<String> what) implements Outcome {}

        /** Jobs without a price, which nobody agreed to. */
        record UnknownPrice(int jobs) implements Outcome {}

        /** The plan became this batch before. */
        record Applied(UUID batch) implements Outcome {}
    }

    /**
     * Compares, and keeps the plan.
     *
     * @param summary of the comparison, as the API shows it; JSON
     */
    public Outcome plan(UUID id, CueFile file, BiFunction<Comparison, Instant, String> summary) {
        return database.inTransaction(connection -> {
            AskedTakes asked = AskedTakes.of(connection, file.spool());
            List<TakeFault> faults = asked.faults(MOST_FAULTS);
            if (!faults.isEmpty()) {
                return new Outcome.Faulty(faults);
            }
            Comparison comparison = asked.compare(file.library(), file.wish());
            String answer = summary.apply(comparison, now(connection));
            add(connection, id, file, comparison.state(), answer);
            return new Outcome.Done(new Idempotency.Result.Made(new Answer(PLANNED, "/v1/plans/" + id, answer)));
        });
    }

    /** Makes a batch of what the plan names. The file is for a library. */
    public Outcome apply(UUID plan, CueFile file, Making making) {
        String library = Objects.requireNonNull(file.library());
        return database.inTransaction(connection -> {
            // The plan's row first, which one call at a time has: who waits for it finds what the other's key made.
            Optional<StoredPlan> stored = read(connection, plan, library);
            Idempotency.@Nullable Key key = making.key();
            Optional<Idempotency.Result> earlier =
                    key == null ? Optional.empty() : Idempotency.earlier(connection, key);
            if (earlier.isPresent()) {
                return new Outcome.Done(earlier.get());
            }
            if (stored.isEmpty()) {
                return new Outcome.UnknownPlan();
            }
            @Nullable UUID applied = stored.get().batch();
            if (applied != null) {
                return new Outcome.Applied(applied);
            }
            lock(connection, library);
            return apply(connection, plan, stored.get(), file, making);
        });
    }

    private static Outcome apply(Connection connection, UUID plan, StoredPlan stored, CueFile file, Making making)
            throws SQLException {
        String library = Objects.requireNonNull(file.library());
        AskedTakes asked = AskedTakes.of(connection, file.spool());
        List<TakeFault> faults = asked.faults(MOST_FAULTS);
        if (!faults.isEmpty()) {
            return new Outcome.Faulty(faults);
        }
        Comparison comparison = asked.compare(library, file.wish());
        List<String> differs = stored.differs(file.origin(), comparison);
        if (!differs.isEmpty()) {
            return new Outcome.Outdated(differs);
        }
        if (comparison.unknownPrice() > 0 && !making.acceptsUnknownPrice()) {
            return new Outcome.UnknownPrice(comparison.unknownPrice());
        }
        NewBatch batch = making.batch(comparison);
        return new Outcome.Done(Idempotency.once(connection, making.key(), Idempotency.Thing.BATCH, batch.id(), () -> {
            Instant createdAt = BatchStore.add(connection, batch);
            file.spool().copyJobs(connection, comparison.chosen());
            reseed(connection, making);
            run(connection, KEEP_TAKES, library);
            run(connection, KEEP_UNCHANGED, library);
            asked.leaveNames(library);
            try (Bind bind = Bind.of(connection, APPLIED)) {
                bind.uuid(batch.id()).uuid(plan).update();
            }
            return making.answer(batch, createdAt);
        }));
    }

    private record StoredPlan(
            Origin origin, String state, @Nullable UUID batch) {
        List<String> differs(Origin now, Comparison comparison) {
            List<String> what = new ArrayList<>();
            if (!origin.manifest().equals(now.manifest())) {
                what.add("the manifest");
            }
            if (!origin.parameters().equals(now.parameters())) {
                what.add("the parameters of the call");
            }
            if (!origin.catalogue().equals(now.catalogue())) {
                what.add("the catalogue");
            }
            if (what.isEmpty() && !state.equals(comparison.state())) {
                what.add("the library");
            }
            return what;
        }
    }

    private static Optional<StoredPlan> read(Connection connection, UUID id, String library) throws SQLException {
        try (Bind bind = Bind.of(connection, READ_PLAN)) {
            return bind
                    .uuid(id)
                    .text(library)
                    .rows(row -> new StoredPlan(
                            new Origin(
                                    row.getString("manifest"), row.getString("parameters"), row.getString("catalogue")),
                            row.getString("state"),
                            row.getObject("batch_id", UUID.class)))
                    .stream()
                    .findFirst();
        }
    }

    private static void add(Connection connection, UUID id, CueFile file, String state, String summary)
            throws SQLException {
        try (Bind bind = Bind.of(connection, ADD_PLAN)) {
            bind.uuid(id)
                    .text(file.library())
                    .text(file.origin().manifest())
                    .text(file.origin().parameters())
                    .text(file.origin().catalogue())
                    .text(state)
                    .integer(file.lines())
                    .text(summary)
                    .update();
        }
        try (Bind bind = Bind.of(connection, ADD_ITEMS)) {
            bind.uuid(id).update();
        }
        if (file.library() != null) {
            try (Bind bind = Bind.of(connection, ADD_ORPHANS)) {
                bind.uuid(id).integer(BEHIND_ALL).text(file.library()).update();
            }
        }
    }

    static void lock(Connection connection, String library) throws SQLException {
        run(connection, ADD_LIBRARY, library);
        try (Bind bind = Bind.of(connection, LOCK_LIBRARY)) {
            bind.text(library).row(row -> row.getString("name"));
        }
    }

    private record Seeded(UUID job, String input) {}

    /** What is made again with the seed that it had would come out the same. */
    private static void reseed(Connection connection, Making making) throws SQLException {
        List<Seeded> seeded;
        try (Bind bind = Bind.of(connection, SEEDED)) {
            seeded = bind.rows(row -> new Seeded(
                    Bind.uuid(row, "job_id"),
                    making.reseeded(row.getString("input"), row.getString("content_key"), row.getInt("retakes") + 1)));
        }
        try (Bind bind = Bind.of(connection, RESEED)) {
            bind.array("uuid", seeded, Seeded::job)
                    .array("text", seeded, Seeded::input)
                    .update();
        }
    }

    static void run(Connection connection, String sql, String library) throws SQLException {
        try (Bind bind = Bind.of(connection, sql)) {
            bind.text(library).update();
        }
    }

    private static Instant now(Connection connection) throws SQLException {
        try (Bind bind = Bind.of(connection, NOW)) {
            return bind.row(row -> Objects.requireNonNull(Bind.time(row, "now")));
        }
    }
}
