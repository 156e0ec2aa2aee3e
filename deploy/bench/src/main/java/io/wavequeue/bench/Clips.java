package io.wavequeue.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** What is asked for, everywhere the same: a short clip whose file has about 10 kB at the simulator. */
final class Clips {
    static final String MODEL = "stability-ai/stable-audio-3/music";

    /** Words of a usual length; the rest of the prompt makes each one different. */
    static final String PROMPT = "Footsteps on wet gravel, slow pace, close microphone, no music, take ";

    private Clips() {}

    /** The model's input. */
    static String input(String take) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("prompt", PROMPT + take)
                .put("duration", 4)
                .put("output_format", "m4a")
                .toString();
    }

    /** The body of {@code POST /v1/jobs}. */
    static String job(String take) {
        return "{\"model\":\"%s\",\"input\":%s}".formatted(MODEL, input(take));
    }

    /** The same, in this lane. */
    static String job(String lane, String take) {
        return "{\"model\":\"%s\",\"lane\":\"%s\",\"input\":%s}".formatted(MODEL, lane, input(take));
    }
}
