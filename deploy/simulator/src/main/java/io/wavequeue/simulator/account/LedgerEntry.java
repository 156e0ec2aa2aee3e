package io.wavequeue.simulator.account;

import com.fasterxml.jackson.annotation.JsonRawValue;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * One accepted submit, as the judge's record has it.
 *
 * @param body the JSON as it was received
 * @param refundedUsd 0 until the refund is made
 */
public record LedgerEntry(
        String predictionId,
        String model,
        String bodySha256,
        @JsonRawValue String body,
        Instant acceptedAt,
        BigDecimal priceUsd,
        BigDecimal refundedUsd,
        String status) {

    static LedgerEntry of(Prediction prediction) {
        Prediction.Submission submission = prediction.submission();
        return new LedgerEntry(
                prediction.id(),
                submission.model().id(),
                submission.hash().hex(),
                new String(submission.body(), StandardCharsets.UTF_8),
                Micros.toInstant(prediction.acceptedAt()),
                submission.price(),
                prediction.refundedUsd(),
                prediction.status().text());
    }
}
