package io.wavequeue.store.view;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.Subselect;
import org.hibernate.annotations.Synchronize;
import org.jspecify.annotations.NullUnmarked;

/** A job that a replay had go, again or on. One that it queued again may come twice, since a replay's items are removed sooner. */
@Entity
@Immutable
@Subselect("""
        select resolution_id, job_id
        from job_replay
        union all
        select i.resolution_id, i.job_id
        from resolution_item i
        join resolution o on o.id = i.resolution_id and o.kind = 'replay'
        where i.done_at is not null
          and i.skip_reason is null""")
@Synchronize({"job_replay", "resolution_item", "resolution"})
@NullUnmarked
class ReplayedEntity {
    @EmbeddedId
    Key id;

    /** Replay and job. */
    @Embeddable
    record Key(
            @Column(name = "resolution_id") UUID replayId,
            @Column(name = "job_id") UUID jobId) {}
}
