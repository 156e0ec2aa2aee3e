package io.wavequeue.store.view;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/** A row of {@code attempt}. Hibernate fills the fields. */
@Entity
@Immutable
@Table(name = "attempt")
@NullUnmarked
class AttemptEntity {
    @EmbeddedId
    Key id;

    String status;

    @Column(name = "prediction_id")
    @Nullable
    String predictionId;

    @Column(name = "submitted_at")
    @Nullable
    Instant submittedAt;

    @Column(name = "accepted_at")
    @Nullable
    Instant acceptedAt;

    @Column(name = "completed_at")
    @Nullable
    Instant completedAt;

    int polls;

    @Column(name = "inference_ms")
    @Nullable
    Integer inferenceMs;

    @Column(name = "detect_ms")
    @Nullable
    Integer detectMs;

    @Column(name = "charged_usd")
    @Nullable
    BigDecimal chargedUsd;

    @Column(name = "refunded_usd")
    @Nullable
    BigDecimal refundedUsd;

    @Column(name = "error_class")
    @Nullable
    String errorClass;

    @Column(name = "error_message")
    @Nullable
    String errorMessage;

    @Column(name = "error_retryable")
    @Nullable
    Boolean errorRetryable;

    /** Job and number of the attempt. */
    @Embeddable
    record Key(@Column(name = "job_id") UUID jobId, int number) {}
}
