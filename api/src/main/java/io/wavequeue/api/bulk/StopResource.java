package io.wavequeue.api.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.job.BulkKind;
import io.wavequeue.job.JobIds;
import io.wavequeue.store.BulkChoice;
import io.wavequeue.store.BulkOrder;
import io.wavequeue.store.BulkView.Progress;
import io.wavequeue.store.view.JobFilter;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What cancellations, holds and releases have in common: all but their names. */
abstract class StopResource extends BulkResource<StopView> {
    private final BulkKind kind;

    StopResource(BulkKind kind, BulkDesk desk, JobIds ids) {
        super(kind, desk, ids);
        this.kind = kind;
    }

    @Override
    BulkCall read(UUID id, JsonNode body) {
        BodyFields fields = new BodyFields(body, List.of());
        JobFilter filter = fields.filter();
        boolean dryRun = fields.flag(BodyFields.DRY_RUN);
        BulkOrder order = fields.order(id, kind, null);
        return new BulkCall(order, BulkChoice.of(kind, filter), dryRun);
    }

    @Override
    StopView view(@Nullable UUID id, Progress progress) {
        return StopView.of(id, progress);
    }
}
