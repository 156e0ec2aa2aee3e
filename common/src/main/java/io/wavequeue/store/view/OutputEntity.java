package io.wavequeue.store.view;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/** A row of {@code output}. Hibernate fills the fields. */
@Entity
@Immutable
@Table(name = "output")
@NullUnmarked
class OutputEntity {
    @EmbeddedId
    Key id;

    String url;

    @Nullable
    String file;

    @Column(name = "content_type")
    @Nullable
    String contentType;

    @Nullable
    Long bytes;

    @Nullable
    String sha256;

    @Column(name = "archived_at")
    @Nullable
    Instant archivedAt;

    @Column(name = "lost_at")
    @Nullable
    Instant lostAt;

    @Nullable
    String error;

    @JdbcTypeCode(SqlTypes.JSON)
    @Nullable
    String audio;

    /** Job, and the output's number in it. */
    @Embeddable
    record Key(@Column(name = "job_id") UUID jobId, int number) {}
}
