package io.wavequeue.simulator.account;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.PriorityQueue;

/** The account's money: charges at acceptance, refunds some time after a failure, and the bill of both. */
final class Books {
    private static final BigDecimal NOTHING = BigDecimal.ZERO.setScale(6);

    private final PriorityQueue<Refund> due = new PriorityQueue<>(Comparator.comparingLong(Refund::at));
    private final Bill bill = new Bill();
    private BigDecimal balance;
    private BigDecimal charged = NOTHING;
    private BigDecimal refunded = NOTHING;
    private BigDecimal foreign = NOTHING;
    private long accepted;

    private record Refund(long at, BigDecimal amount, Prediction prediction) {}

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

    Bill bill() {
        return bill;
    }

    void charge(Prediction prediction) {
        BigDecimal price = prediction.submission().price();
        for (int number = 0; number < prediction.terms().charges(); number++) {
            balance = balance.subtract(price);
            bill.add(new Bill.Row(prediction, false, number, price, prediction.acceptedAt()));
            if (prediction.isForeign()) {
                foreign = foreign.add(price);
            } else {
                charged = charged.add(price);
            }
        }
        accepted += prediction.isForeign() ? 0 : 1;
    }

    void refundLater(Prediction prediction, BigDecimal amount, long at) {
        due.add(new Refund(at, amount, prediction));
    }

    void advance(long now) {
        for (Refund next = due.peek(); next != null && next.at() <= now; next = due.peek()) {
            due.poll();
            Prediction prediction = next.prediction();
            prediction.refund(next.amount());
            balance = balance.add(next.amount());
            bill.add(new Bill.Row(prediction, true, 0, next.amount(), next.at()));
            if (!prediction.isForeign()) {
                refunded = refunded.add(next.amount());
            }
        }
    }

    Ledger.Totals totals() {
        return new Ledger.Totals(accepted, charged, refunded, foreign);
    }
}
