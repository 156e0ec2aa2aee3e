package io.wavequeue.store.view;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.NullUnmarked;

/** A row of {@code job_payload}. Hibernate fills the fields. */
@Entity
@Immutable
@Table(name = "job_payload")
@NullUnmarked
class PayloadEntity {
    @Id
    @Column(name = "job_id")
    UUID jobId;

    String input;

    @JdbcTypeCode(SqlTypes.JSON)
    String labels;

    @Column(name = "created_at")
    Instant createdAt;

    String model;

    String reference;
}
