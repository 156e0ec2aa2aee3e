package io.wavequeue.simulator.account;

import com.fasterxml.jackson.annotation.JsonRawValue;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * One prediction, as the judge's record has it.
 *
 * @param body the JSON as it was received
 * @param priceUsd of one charge
 * @param charges how often it was charged
 * @param refundedUsd 0 until the refund is made
 * @param foreign made by somebody else who uses the account; not in the sums of what was accepted and charged
 */
public record LedgerEntry(
        String predictionId,
        String model,
        String bodySha256,
        @JsonRawValue String body,
        Instant acceptedAt,
        BigDecimal priceUsd,
        int charges,
        BigDecimal refundedUsd,
        String status,
        boolean foreign) {

    static LedgerEntry of(Prediction prediction) {
        Prediction.Submission submission = prediction.submission();
        return new LedgerEntry(
                prediction.id(),
                submission.model().id(),
                submission.hash().hex(),
                new String(submission.body(), StandardCharsets.UTF_8),
                Micros.toInstant(prediction.acceptedAt()),
                submission.price(),
                prediction.terms().charges(),
                prediction.refundedUsd(),
                prediction.status().text(),
                prediction.isForeign());
    }
}
