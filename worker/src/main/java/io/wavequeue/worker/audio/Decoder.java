package io.wavequeue.worker.audio;

import java.nio.file.Path;

/** Decodes one format, from a file's start to its end, in a memory that does not grow with it. */
@FunctionalInterface
interface Decoder {
    /**
     * Gives the samples to a meter of the findings, and the faults that did not end it to the findings.
     *
     * @throws Exception of whatever kind the library throws: from there on the file cannot be decoded
     */
    void decode(Path file, Findings findings) throws Exception;
}
