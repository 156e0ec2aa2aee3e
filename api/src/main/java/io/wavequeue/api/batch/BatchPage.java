package io.wavequeue.api.batch;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A page of batches. */
@Schema(name = "BatchPage")
record BatchPage(
        @Schema(description = "Newest first") List<BatchView> items,

        @Schema(nullable = true, description = "Give it as cursor to get the next page; null = this was the last")
        @Nullable
        String nextCursor) {}
