package io.wavequeue.simulator.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where money is spent: quotes, keeps to the cap, submits once and counts what cannot be ruled out as spent. */
final class Purse {
    private static final Set<Integer> REFUSALS = Set.of(400, 401, 402, 403, 404, 413, 422, 429);

    private final BigDecimal cap;
    private BigDecimal spent = BigDecimal.ZERO;
    private boolean lost;

    /** What became of a submit. */
    sealed interface Payment {
        /** Charged. */
        record Accepted(String id, Price price, Answer answer) implements Payment {}

        /** Certainly not charged. */
        record Refused(Answer answer) implements Payment {}

        /** Perhaps charged. It is not sent again, and no further submit is sent. */
        record Unknown(String seen) implements Payment {}

        record NotSent(String why) implements Payment {}
    }

    /**
     * A quote.
     *
     * @param due what a discount leaves of the listed price
     */
    record Price(BigDecimal listed, BigDecimal due) {
        /** The share of the listed price that is due. */
        BigDecimal share() {
            return listed.signum() == 0 ? BigDecimal.ONE : due.divide(listed, 6, RoundingMode.HALF_UP);
        }
    }

    Purse(BigDecimal cap) {
        this.cap = cap;
    }

    Payment submit(Probe probe, String model, JsonNode inputs) throws NoAnswerException, InterruptedException {
        if (lost) {
            return new Payment.NotSent("not sent: an earlier submit may have been charged without an answer");
        }
        Price price = price(quote(probe, model, inputs));
        if (price == null) {
            return new Payment.NotSent("not sent: the service does not quote it");
        }
        if (spent.add(price.listed()).compareTo(cap) > 0) {
            return new Payment.NotSent(
                    "not sent: " + Usd.text(price.listed()) + " more would exceed the cap of " + Usd.text(cap));
        }
        spent = spent.add(price.listed());
        try {
            return settle(probe.submit(model, inputs), price);
        } catch (NoAnswerException e) {
            lost = true;
            return new Payment.Unknown(e.why());
        }
    }

    private Payment settle(Answer answer, Price price) {
        if (REFUSALS.contains(answer.status())) {
            spent = spent.subtract(price.listed());
            return new Payment.Refused(answer);
        }
        String id = answer.data().path("id").asText();
        if (answer.isSuccess() && !id.isEmpty()) {
            return new Payment.Accepted(id, price, answer);
        }
        lost = true;
        return new Payment.Unknown(answer.shown());
    }

    static Answer quote(Probe probe, String model, JsonNode inputs) throws NoAnswerException, InterruptedException {
        return probe.post("model/price", Json.object().put("model_id", model).set("inputs", inputs));
    }

    /** Null when there is no price above 0 in it. */
    static @Nullable Price price(Answer quote) {
        JsonNode listed = quote.data().path("price");
        JsonNode due = quote.data().path("discounted_price");
        return quote.isSuccess() && listed.decimalValue().signum() > 0
                ? new Price(listed.decimalValue(), due.isNumber() ? due.decimalValue() : listed.decimalValue())
                : null;
    }

    /** What was charged, or may have been, at listed prices. */
    BigDecimal spent() {
        return spent;
    }
}
