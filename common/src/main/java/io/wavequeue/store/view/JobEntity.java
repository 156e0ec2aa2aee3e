package io.wavequeue.store.view;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/** A row of {@code job}. Hibernate fills the fields. */
@Entity
@Immutable
@Table(name = "job")
@NullUnmarked
class JobEntity {
    @Id
    UUID id;

    String status;

    @Column(name = "hold_reason")
    @Nullable
    String holdReason;

    String model;
    String lane;

    @Nullable
    String reference;

    @Column(name = "batch_id")
    @Nullable
    UUID batchId;

    @Column(name = "max_attempts")
    short maxAttempts;

    short replays;

    @Column(name = "cancel_requested")
    boolean cancelRequested;

    @Column(name = "estimated_usd")
    @Nullable
    BigDecimal estimatedUsd;

    @Column(name = "error_class")
    @Nullable
    String errorClass;

    @Column(name = "error_message")
    @Nullable
    String errorMessage;

    @Column(name = "error_retryable")
    @Nullable
    Boolean errorRetryable;

    @Column(name = "created_at")
    Instant createdAt;

    @Column(name = "settled_at")
    @Nullable
    Instant settledAt;
}
