package io.wavequeue.cli.watch;

import io.wavequeue.cli.client.Batch;
import io.wavequeue.cli.screen.Money;
import io.wavequeue.cli.screen.Seconds;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** A batch in a few words. */
public final class Standing {

    private static final List<String> WORTH_A_WORD =
            List.of("queued", "submitting", "uncertain", "running", "held", "failed", "cancelled");

    private Standing() {}

    /** {@code 12 of 200 ended, 5 running, 2 failed}. */
    public static String counts(Batch batch) {
        List<String> parts = new ArrayList<>();
        parts.add("%,d of %,d ended".formatted(batch.ended(), batch.count("total")));
        for (String state : WORTH_A_WORD) {
            if (batch.count(state) > 0) {
                parts.add("%,d %s".formatted(batch.count(state), state));
            }
        }
        return String.join(", ", parts);
    }

    /** {@code $0.26 of $5.00 charged}. */
    public static String spent(Batch batch) {
        BigDecimal charged = batch.cost("charged_usd");
        BigDecimal budget = batch.cost("budget_usd");
        return (charged == null ? "$0.00" : Money.exact(charged))
                + (budget == null ? "" : " of " + Money.exact(budget))
                + " charged";
    }

    /** What changes with every look: rate, spend, what is left. */
    static String pace(Batch batch, Rate rate) {
        List<String> parts = new ArrayList<>();
        if (!rate.text().isEmpty()) {
            parts.add(rate.text());
        }
        parts.add(spent(batch));
        Long left = batch.etaSeconds();
        if (left != null && left > 0) {
            parts.add("about " + Seconds.about(left) + " left");
        }
        return String.join(", ", parts);
    }
}
