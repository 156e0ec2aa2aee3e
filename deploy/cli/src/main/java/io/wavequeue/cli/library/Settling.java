package io.wavequeue.cli.library;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.cli.client.Json;
import io.wavequeue.cli.client.LibraryApi;
import io.wavequeue.cli.client.Pace;
import io.wavequeue.cli.client.Take;
import java.time.Duration;
import java.time.Instant;

/** Waits for what comes a moment after takes are archived: their files' names, and what the audio check found. */
public final class Settling {

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    /** An installation may check no audio, or be busy with more than this library. */
    private static final Duration PATIENCE_STILL = Duration.ofSeconds(6);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Settling() {}

    /** Waits as long as it gets on; returns of how many takes something is missing still. */
    public static int await(LibraryApi api, String library, Pace pace) throws InterruptedException {
        Instant start = pace.instant();
        Instant lastStep = start;
        int missing = missing(api, library);
        while (missing > 0
                && pace.since(lastStep).compareTo(PATIENCE_STILL) < 0
                && pace.since(start).compareTo(PATIENCE) < 0) {
            pace.sleep(BETWEEN_LOOKS);
            int now = missing(api, library);
            lastStep = now < missing ? pace.instant() : lastStep;
            missing = now;
        }
        return missing;
    }

    private static int missing(LibraryApi api, String library) {
        int missing = 0;
        for (JsonNode json : api.takes(library)) {
            Take take = Take.of(json);
            boolean archived = take.outputs().stream().anyMatch(output -> Json.text(output, "sha256") != null);
            boolean heard = take.outputs().stream()
                    .noneMatch(output -> output.path("audio").isNull());
            if (archived && (take.files().isEmpty() || !heard)) {
                missing++;
            }
        }
        return missing;
    }
}
