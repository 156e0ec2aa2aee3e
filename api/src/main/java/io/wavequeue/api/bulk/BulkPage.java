package io.wavequeue.api.bulk;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A page of a list. */
public record BulkPage<T>(
        List<T> items,

        @Schema(nullable = true, description = "Give it as cursor to get the next page; null = this was the last")
        @Nullable
        String nextCursor) {
    public BulkPage {
        items = List.copyOf(items);
    }
}
