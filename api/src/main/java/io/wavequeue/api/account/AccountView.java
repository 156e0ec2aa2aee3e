package io.wavequeue.api.account;

import io.wavequeue.api.status.Usd;
import io.wavequeue.job.Account;
import io.wavequeue.job.Breakers;
import io.wavequeue.job.HoldReason;
import io.wavequeue.job.Pace;
import io.wavequeue.store.AccountStore.Use;
import java.math.BigDecimal;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The account as callers see it. */
@Schema(name = "Account")
record AccountView(
        @Schema(description = "bronze, silver, gold, ultra, or custom when the numbers are one's own")
        String tier,

        LimitsView limits,
        UseView use,
        BudgetView budget,

        @Schema(nullable = true, description = "Why nothing is submitted now; null = submitting goes on") @Nullable
        HoldView hold,

        @Schema(nullable = true, description = "The provider asked us to wait until then") @Nullable
        Instant throttledUntil,

        @Schema(nullable = true, description = "As last told by the provider; null = not asked yet") @Nullable
        BigDecimal balanceUsd,

        boolean paused,

        @Schema(
                nullable = true,
                description = "What keeps the backlog back while the provider does not answer; null = all is well")
        @Nullable
        BreakerView breaker,

        @Schema(
                nullable = true,
                description =
                        "How fast is submitted since the provider answered 429; null = as fast as the limits allow")
        @Nullable
        PaceView pace) {

    /** Over all workers; null = no limit. */
    @Schema(name = "AccountLimits")
    record LimitsView(
            @Schema(nullable = true) @Nullable Integer submitsPerMinute,
            @Schema(nullable = true) @Nullable Integer maxInFlight) {}

    /** At this moment. */
    @Schema(name = "AccountUse")
    record UseView(int inFlight, int submitsLastMinute) {}

    /** Of the current UTC day. */
    @Schema(name = "AccountBudget")
    record BudgetView(
            @Schema(nullable = true, description = "null = no limit") @Nullable
            BigDecimal dailyUsd,

            @Schema(nullable = true, description = "Reserved and charged today") @Nullable
            BigDecimal committedTodayUsd) {}

    /** Rises evenly until the limit is reached again. */
    @Schema(name = "AccountPace")
    record PaceView(
            @Schema(description = "At this moment") int submitsPerMinute,

            @Schema(description = "When it is the limit again, if the provider does not answer 429 before")
            Instant fullAgainAt) {

        static @Nullable PaceView of(Account account, Instant now) {
            Pace pace = account.slowPace(now);
            Integer limit = account.limits().submitsPerMinute();
            return pace == null ? null : new PaceView((int) pace.at(limit, now), pace.fullAgainAt(limit));
        }
    }

    /** In a word and in a sentence. */
    @Schema(name = "AccountHold")
    record HoldView(
            @Schema(description = "paused, unauthorized or out_of_credits")
            String reason,

            String message) {}

    static AccountView of(Account account, Use use, Breakers breakers) {
        Account.Hold hold = account.hold();
        Instant throttled = account.throttledUntil();
        return new AccountView(
                account.limits().tier(),
                new LimitsView(
                        account.limits().submitsPerMinute(), account.limits().maxInFlight()),
                new UseView(use.inFlight(), use.submitsLastMinute()),
                new BudgetView(Usd.shown(account.dailyBudgetUsd()), Usd.shown(use.committedTodayUsd())),
                hold == null ? null : new HoldView(hold.reason().code(), hold.message()),
                throttled == null || throttled.isBefore(use.at()) ? null : throttled,
                Usd.shown(use.balanceUsd()),
                hold != null && hold.reason() == HoldReason.PAUSED,
                BreakerView.of(breakers),
                PaceView.of(account, use.at()));
    }
}
