package io.wavequeue.simulator.media;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * One ticket, and its file once that has arrived.
 *
 * @param createdAt microseconds since 1970
 * @param seconds length of the clip where known
 */
public record Upload(
        String token,
        String filename,
        long size,
        String contentType,
        long createdAt,
        boolean arrived,
        @Nullable BigDecimal seconds) {

    Upload arrived(@Nullable BigDecimal seconds) {
        return new Upload(token, filename, size, contentType, createdAt, true, seconds);
    }
}
