package io.wavequeue.cli.manifest;

import org.jspecify.annotations.Nullable;

/** Knows what stands in the copy for a local source clip. */
@FunctionalInterface
interface ClipNames {

    /**
     * The reference of a clip; null = not known yet, so the line stays as it is.
     *
     * @param name as the line names it
     * @param line where
     * @param field in which input
     */
    @Nullable
    String reference(String name, long line, String field);
}
