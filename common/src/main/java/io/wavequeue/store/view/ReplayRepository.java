package io.wavequeue.store.view;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/** Replays of jobs, by job. */
@ApplicationScoped
class ReplayRepository implements PanacheRepositoryBase<ReplayEntity, ReplayEntity.Key> {
    List<ReplayEntity> of(Collection<UUID> jobs) {
        return list("id.jobId in ?1 order by id.jobId, id.number", jobs);
    }
}
