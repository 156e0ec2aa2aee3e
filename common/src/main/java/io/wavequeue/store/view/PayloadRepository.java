package io.wavequeue.store.view;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/** What was asked for, by job. */
@ApplicationScoped
class PayloadRepository implements PanacheRepositoryBase<PayloadEntity, UUID> {
    List<PayloadEntity> of(Collection<UUID> jobs) {
        return list("jobId in ?1", jobs);
    }
}
