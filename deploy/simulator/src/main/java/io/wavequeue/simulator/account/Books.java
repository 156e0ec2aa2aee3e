package io.wavequeue.simulator.account;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/** The account's money: charges at acceptance, refunds some time after a failure. */
final class Books {
    private static final BigDecimal NOTHING = BigDecimal.ZERO.setScale(6);

    private final PriorityQueue<Refund> due = new PriorityQueue<>(Comparator.comparingLong(Refund::at));
    private BigDecimal balance;
    private BigDecimal charged = NOTHING;
    private BigDecimal refunded = NOTHING;
    private long accepted;

    private record Refund(long at, Prediction prediction) {}

    Books(BigDecimal balance) {
        this.balance = balance;
    }

    BigDecimal balance() {
        return balance;
    }

    void setBalance(BigDecimal balance) {
        this.balance = balance;
    }

    boolean covers(BigDecimal price) {
        return balance.compareTo(price) >= 0;
    }

    void charge(BigDecimal price) {
        balance = balance.subtract(price);
        charged = charged.add(price);
        accepted++;
    }

    void refundLater(Prediction prediction, long endedAt, Duration delay) {
        due.add(new Refund(endedAt + delay.toMillis() * Micros.MILLISECOND, prediction));
    }

    void advance(long now) {
        for (Refund next = due.peek(); next != null && next.at() <= now; next = due.peek()) {
            due.poll();
            BigDecimal price = next.prediction().submission().price();
            next.prediction().refund();
            balance = balance.add(price);
            refunded = refunded.add(price);
        }
    }

    Ledger.Totals totals() {
        return new Ledger.Totals(accepted, charged, refunded);
    }
}
