package io.wavequeue.api.status;

import io.wavequeue.store.view.JobCursor;
import io.wavequeue.store.view.JobViews;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A page of jobs. */
@Schema(name = "JobPage")
public record JobPage(
        @Schema(description = "Newest first") List<JobView> items,

        @Schema(nullable = true, description = "Give it as cursor to get the next page; null = this was the last")
        @Nullable
        String nextCursor) {
    static JobPage of(JobViews.Page page) {
        JobCursor next = page.next();
        return new JobPage(page.jobs().stream().map(JobView::of).toList(), next == null ? null : next.text());
    }
}
