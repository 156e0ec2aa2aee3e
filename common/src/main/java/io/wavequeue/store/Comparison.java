package io.wavequeue.store;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a file of cues means for its library: what is to be made, what is there, and what it costs. Gathered from the rows of
 * {@code compared} one by one.
 */
public final class Comparison {
    private final Map<TakeAction, Integer> counts = new EnumMap<>(TakeAction.class);
    private final Map<String, ModelSum> models = new TreeMap<>();
    private final BitSet jobs = new BitSet();
    private final MessageDigest digest;
    private int unknownPrice;
    private BigDecimal estimatedUsd = BigDecimal.ZERO;
    private @Nullable String state;

    Comparison() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Jobs of one model that would be made. @param estimatedUsd of those whose price is known; null = of none is */
    public record ModelSum(String model, int jobs, @Nullable BigDecimal estimatedUsd) {
        ModelSum plus(@Nullable BigDecimal usd) {
            return new ModelSum(model, jobs + 1, sum(estimatedUsd, usd));
        }

        private static @Nullable BigDecimal sum(@Nullable BigDecimal a, @Nullable BigDecimal b) {
            return a == null || b == null ? (a == null ? b : a) : a.add(b);
        }
    }

    void add(ResultSet row) throws SQLException {
        TakeAction action = TakeAction.of(row.getString("action"));
        oneMore(action);
        if (action == TakeAction.REUSED) {
            oneMore(row.getString("previous_key") == null ? TakeAction.NEW : TakeAction.CHANGED);
        }
        if (action.makesJob()) {
            jobs.set(row.getInt("ordinal"));
            @Nullable BigDecimal usd = row.getBigDecimal("estimated_usd");
            String model = row.getString("model");
            models.merge(model, new ModelSum(model, 1, usd), (sum, one) -> sum.plus(usd));
            if (usd == null) {
                unknownPrice++;
            } else {
                estimatedUsd = estimatedUsd.add(usd);
            }
        }
        seal(
                action,
                row.getString("reference"),
                row.getString("take"),
                row.getString("content_key"),
                row.getString("previous_job"),
                row.getString("reused_job"),
                row.getString("name"));
    }

    void addOrphan(ResultSet row) throws SQLException {
        oneMore(TakeAction.ORPHANED);
        seal(TakeAction.ORPHANED, row.getString("reference"), row.getString("number"), row.getString("content_key"));
    }

    private void oneMore(TakeAction action) {
        counts.merge(action, 1, Integer::sum);
    }

    private void seal(TakeAction action, @Nullable String... columns) {
        StringBuilder line = new StringBuilder(action.code());
        for (String column : columns) {
            line.append('\t').append(column);
        }
        digest.update(line.append('\n').toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Takes with this action. Those that are reused are among the new and the changed ones too. */
    public int count(TakeAction action) {
        return counts.getOrDefault(action, 0);
    }

    /** Takes that are to be made. */
    public int jobs() {
        return jobs.cardinality();
    }

    /** Which of the spooled jobs those are. */
    BitSet chosen() {
        return jobs;
    }

    public List<ModelSum> models() {
        return List.copyOf(models.values());
    }

    public int unknownPrice() {
        return unknownPrice;
    }

    /** Sum of the prices that are known; null = there are jobs, and no price is. */
    public @Nullable BigDecimal estimatedUsd() {
        return jobs() > 0 && unknownPrice == jobs() ? null : estimatedUsd;
    }

    /** Another one as soon as anything about any take is another. Ends it. */
    String state() {
        if (state == null) {
            state = HexFormat.of().formatHex(digest.digest());
        }
        return state;
    }
}
