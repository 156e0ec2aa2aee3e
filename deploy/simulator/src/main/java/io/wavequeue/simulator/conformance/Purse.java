package io.wavequeue.simulator.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where money is spent: quotes, keeps to the cap, submits once and counts what cannot be ruled out as spent. After a submit
 * that may have been charged unseen, or was charged above its quote, nothing more is sent.
 */
final class Purse {
    private static final Set<Integer> REFUSALS = Set.of(400, 401, 402, 403, 404, 413, 422, 429);

    private final BigDecimal cap;
    private final Map<String, BigDecimal> counted = new HashMap<>();
    private BigDecimal spent = BigDecimal.ZERO;
    private @Nullable String stopped;

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
        /** What is set aside for it. */
        BigDecimal most() {
            return listed.max(due);
        }

        /** The share of the listed price that is due. */
        BigDecimal share() {
            return listed.signum() == 0 ? BigDecimal.ONE : due.divide(listed, 6, RoundingMode.HALF_UP);
        }
    }

    Purse(BigDecimal cap) {
        this.cap = cap;
    }

    /** Quotes, and sends it when that fits under the cap. */
    Payment submit(Probe probe, String model, JsonNode inputs) throws NoAnswerException, InterruptedException {
        if (stopped != null) {
            return new Payment.NotSent(stopped);
        }
        Price price = price(quote(probe, model, inputs));
        if (price == null) {
            return new Payment.NotSent("not sent: the service does not quote it");
        }
        if (spent.add(price.most()).compareTo(cap) > 0) {
            return new Payment.NotSent(
                    "not sent: " + Usd.text(price.most()) + " more would exceed the cap of " + Usd.text(cap));
        }
        return send(probe, model, inputs, price);
    }

    /** Sends what nobody can quote, because it has to be refused; any other answer stops all further submits. */
    Payment unquoted(Probe probe, String model, JsonNode inputs) throws InterruptedException {
        if (stopped != null) {
            return new Payment.NotSent(stopped);
        }
        Payment payment = send(probe, model, inputs, new Price(BigDecimal.ZERO, BigDecimal.ZERO));
        if (payment instanceof Payment.Accepted) {
            stopped = "not sent: an earlier submit was charged at a price that nobody quoted";
        }
        return payment;
    }

    private Payment send(Probe probe, String model, JsonNode inputs, Price price) throws InterruptedException {
        // counted and stopped first: only an answer that rules a charge out, or shows its price, takes that back
        spent = spent.add(price.most());
        stopped = "not sent: an earlier submit may have been charged without an answer";
        Answer answer;
        try {
            answer = probe.submit(model, inputs);
        } catch (NoAnswerException e) {
            return new Payment.Unknown(e.why());
        }
        if (REFUSALS.contains(answer.status())) {
            spent = spent.subtract(price.most());
            stopped = null;
            return new Payment.Refused(answer);
        }
        String id = answer.data().path("id").asText();
        if (!answer.isSuccess() || id.isEmpty()) {
            return new Payment.Unknown(answer.shown());
        }
        stopped = null;
        counted.put(id, price.most());
        return new Payment.Accepted(id, price, answer);
    }

    /** Takes in what was seen to be charged for an accepted submit. More than was counted is spent, and stops all others. */
    void charged(String id, BigDecimal actual) {
        BigDecimal more = actual.subtract(counted.getOrDefault(id, BigDecimal.ZERO));
        if (more.signum() > 0) {
            counted.put(id, actual);
            spent = spent.add(more);
            stopped = "not sent: an earlier submit was charged " + Usd.text(actual) + ", more than its quote";
        }
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

    /** What was charged, or may have been: at listed prices, or more where more was seen. */
    BigDecimal spent() {
        return spent;
    }
}
