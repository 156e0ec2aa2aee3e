package io.wavequeue.store;

import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads plans and what they name. Called by the API. */
@ApplicationScoped
public class PlanStore {
    private static final String FIND = "select summary, batch_id from plan where id = ?";

    private static final String ITEMS = """
            select *
            from plan_item
            where plan_id = ?
              and ordinal > ?
              and (?::text is null or action = ?::text)
            order by ordinal
            limit ?
            """;

    private final Database database;

    PlanStore(Database database) {
        this.database = database;
    }

    /**
     * A plan.
     *
     * @param summary JSON, as the API showed it when it was made
     * @param batch that it became; null = it was not applied
     */
    public record Plan(String summary, @Nullable UUID batch) {}

    /**
     * A take that a plan names.
     *
     * @param line null = no line asks for it
     * @param previousJob whose outputs the library has, or of a reused one will have
     */
    public record Item(
            int ordinal,
            @Nullable Integer line,
            String reference,
            int take,
            TakeAction action,
            @Nullable String reason,
            @Nullable String model,
            @Nullable String key,
            @Nullable String previousKey,
            @Nullable UUID previousJob,
            @Nullable BigDecimal estimatedUsd,
            @Nullable String name) {}

    public Optional<Plan> find(UUID id) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, FIND)) {
                return bind
                        .uuid(id)
                        .rows(row -> new Plan(row.getString("summary"), row.getObject("batch_id", UUID.class)))
                        .stream()
                        .findFirst();
            }
        });
    }

    /**
     * In the order of the file; those that no line asks for come last.
     *
     * @param action null = all
     * @param after ordinal of the last one before; -1 = from the first
     */
    public List<Item> items(UUID plan, @Nullable TakeAction action, int after, int most) {
        @Nullable String code = action == null ? null : action.code();
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, ITEMS)) {
                return bind.uuid(plan)
                        .integer(after)
                        .text(code)
                        .text(code)
                        .integer(most)
                        .rows(PlanStore::item);
            }
        });
    }

    private static Item item(ResultSet row) throws SQLException {
        return new Item(
                row.getInt("ordinal"),
                row.getObject("line", Integer.class),
                row.getString("reference"),
                row.getInt("take"),
                TakeAction.of(row.getString("action")),
                row.getString("reason"),
                row.getString("model"),
                row.getString("content_key"),
                row.getString("previous_key"),
                row.getObject("previous_job", UUID.class),
                row.getBigDecimal("estimated_usd"),
                row.getString("name"));
    }
}
