package io.wavequeue.store.view;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Formula;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/** A row of {@code job_replay}. Hibernate fills the fields. */
@Entity
@Immutable
@Table(name = "job_replay")
@NullUnmarked
class ReplayEntity {
    @EmbeddedId
    Key id;

    @Column(name = "resolution_id")
    UUID replayId;

    Instant at;

    @Column(name = "error_class")
    @Nullable
    String errorClass;

    @Column(name = "error_message")
    @Nullable
    String errorMessage;

    @Column(name = "error_retryable")
    @Nullable
    Boolean errorRetryable;

    @Nullable
    String input;

    /** Whether the job shows the error now that it had before the replay; null where either has none. */
    @Formula("""
            (select failure_fingerprint(x.error_class, x.model, x.error_message) = fingerprint
             from job x
             where x.id = job_id and x.status = 'failed')""")
    @Nullable
    Boolean sameError;

    /** Job and number of the replay. */
    @Embeddable
    record Key(@Column(name = "job_id") UUID jobId, short number) {}
}
