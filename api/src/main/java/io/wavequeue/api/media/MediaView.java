package io.wavequeue.api.media;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What an upload is answered with. */
@Schema(name = "Media")
record MediaView(
        @Schema(
                description = "Give it as a model's audio",
                examples = "media:sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")
        String audio,

        long bytes,
        @Schema(examples = "audio/wav") String contentType) {}
