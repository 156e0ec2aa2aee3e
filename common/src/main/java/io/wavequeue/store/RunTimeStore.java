package io.wavequeue.store;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How long the last runs took, as all workers saw it. It times polls; nothing is right or wrong by it. */
@ApplicationScoped
public class RunTimeStore {
    private static final String ADD = """
            insert into run_time as r (model, size, open_ms, ended_ms, inference_ms)
            values (?, ?, ?, ?, ?)
            on conflict (model, size) do update
            set open_ms = (excluded.open_ms || r.open_ms)[:?],
                ended_ms = (excluded.ended_ms || r.ended_ms)[:?],
                inference_ms = (excluded.inference_ms || r.inference_ms)[:?]
            """;

    private static final String ALL = """
            select model, size, open_ms, ended_ms, inference_ms
            from run_time
            """;

    private final Database database;

    RunTimeStore(Database database) {
        this.database = database;
    }

    /**
     * One run that ended, in ms since it was accepted.
     *
     * @param openMs the last look that found it open; 0 = none did
     * @param endedMs the look that found it ended
     * @param inferenceMs as told by the provider; null = not told
     */
    public record Run(int openMs, int endedMs, @Nullable Integer inferenceMs) {}

    /**
     * Runs of one kind.
     *
     * @param size what was asked for; empty = every size
     * @param runs newest first
     */
    public record Runs(String model, String size, List<Run> runs) {}

    /** Adds these runs, keeps the newest of each kind, and returns all that is known now. */
    public List<Runs> exchange(List<Runs> fresh, int keep) {
        List<Runs> ordered = fresh.stream()
                .sorted(Comparator.comparing(Runs::model).thenComparing(Runs::size))
                .toList();
        return database.inTransaction(connection -> {
            for (Runs runs : ordered) {
                add(connection, runs, keep);
            }
            try (Bind bind = Bind.of(connection, ALL)) {
                return bind.rows(RunTimeStore::runs);
            }
        });
    }

    private static void add(Connection connection, Runs fresh, int keep) throws SQLException {
        try (Bind bind = Bind.of(connection, ADD)) {
            bind.text(fresh.model())
                    .text(fresh.size())
                    .array("integer", fresh.runs(), Run::openMs)
                    .array("integer", fresh.runs(), Run::endedMs)
                    .array("integer", fresh.runs(), Run::inferenceMs)
                    .integer(keep)
                    .integer(keep)
                    .integer(keep)
                    .update();
        }
    }

    private static Runs runs(ResultSet row) throws SQLException {
        Integer[] open = (Integer[]) row.getArray("open_ms").getArray();
        Integer[] ended = (Integer[]) row.getArray("ended_ms").getArray();
        @Nullable Integer[] inference = (Integer[]) row.getArray("inference_ms").getArray();
        List<Run> runs = new ArrayList<>(open.length);
        for (int i = 0; i < open.length; i++) {
            runs.add(new Run(open[i], ended[i], inference[i]));
        }
        return new Runs(row.getString("model"), row.getString("size"), runs);
    }
}
