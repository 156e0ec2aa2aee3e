package io.wavequeue.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BatchBudgetTest {
    private static final UUID BATCH = new UUID(0, 0xB);

    private static BatchBudget budget(@Nullable String usd, String committed) {
        return new BatchBudget(BATCH, usd == null ? null : new BigDecimal(usd), new BigDecimal(committed));
    }

    @Test
    void shouldCoverToTheMicroDollarAndNoFurther() {
        BatchBudget budget = budget("1.000000", "0.978300");

        assertThat(budget.covers(new BigDecimal("0.021700"))).isTrue();
        assertThat(budget.covers(new BigDecimal("0.021701"))).isFalse();
        assertThat(budget.reserved(new BigDecimal("0.000001")).covers(new BigDecimal("0.021700")))
                .isFalse();
        assertThat(budget.leftUsd()).isEqualByComparingTo("0.0217");
    }

    @Test
    void shouldCoverAnUnknownPriceOnlyWhenThereIsNoLimit() {
        assertThat(budget("10000", "0").covers(null)).isFalse();
        assertThat(budget(null, "5").covers(null)).isTrue();
        assertThat(budget(null, "5").leftUsd()).isNull();
        assertThat(budget("1", "0.5").reserved(null)).isEqualTo(budget("1", "0.5"));
    }

    @Test
    void shouldSayWhatIsCommittedWhatIsNeededAndWhatToDo() {
        assertThat(budget("1.000000", "0.998200").message(new BigDecimal("0.021700")))
                .isEqualTo("budget: USD 0.9982 of the budget of USD 1 of batch " + BATCH
                        + " are committed and this job needs 0.0217; raise budget_usd to at least 1.0199 by PATCH /v1/batches/"
                        + BATCH);
        assertThat(budget("1", "0").message(null))
                .endsWith(
                        "this job has no known price, which no budget covers; set budget_usd to null by PATCH /v1/batches/"
                                + BATCH);
    }
}
