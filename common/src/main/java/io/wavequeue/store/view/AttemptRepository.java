package io.wavequeue.store.view;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/** Attempts, by job. */
@ApplicationScoped
class AttemptRepository implements PanacheRepositoryBase<AttemptEntity, AttemptEntity.Key> {
    List<AttemptEntity> of(Collection<UUID> jobs) {
        return list("id.jobId in ?1 order by id.jobId, id.number", jobs);
    }
}
