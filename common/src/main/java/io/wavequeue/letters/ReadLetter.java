package io.wavequeue.letters;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.admission.RequestForm;
import io.wavequeue.store.LetterRow.Ended;
import io.wavequeue.store.LetterSpool.Refusal;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a letter on the dead-letter topic is. */
sealed interface ReadLetter {
    /**
     * No job can be made of it.
     *
     * @param jobId the job that it is about, when that can be told
     * @param message for the person who looks for it
     */
    record Refused(@Nullable UUID jobId, Instant failedAt, Refusal reason, String message) implements ReadLetter {}

    /**
     * A request that failed.
     *
     * @param request its fields, as another service would produce them
     * @param form which fields it could have had
     * @param isOurs it was a job of a Wavequeue, here or elsewhere: it was admitted once
     * @param attempt number of its last attempt
     * @param attempts JSON array
     * @param activeAt up to then the letter knows what was submitted
     */
    record Request(
            UUID id,
            ObjectNode request,
            RequestForm form,
            boolean isOurs,
            Ended ended,
            int attempt,
            String attempts,
            Instant createdAt,
            Instant activeAt)
            implements ReadLetter {}
}
