package io.wavequeue.e2e;

import java.util.List;

/**
 * Requests over all five models, and orders to the simulator that let some of them fail in six ways.
 *
 * @param clip what a job names its source clip by
 */
record SixWays(String clip) {
    private static final String STABLE = "stability-ai/stable-audio-3/";
    private static final String STEP = "wavespeed-ai/ace-step/audio-outpaint";

    /** Of each way. */
    static final List<String> MODELS = List.of(
            STABLE + "music",
            STABLE + "music",
            STABLE + "audio-to-audio",
            STABLE + "audio-inpainting",
            STABLE + "audio-outpainting",
            STEP);

    /**
     * The first way is refused unpaid, for its duration. The others are charged, and fail. Two messages that differ in their
     * numbers alone are one way.
     */
    static final String FAULTS = """
            [{"phase":"before_accept","action":"status","status":400,"message":"this duration is not offered",
              "contains":"\\"duration\\":11","rate":1},
             {"phase":"prediction","action":"fail","code":1200,"contains":"way 1","rate":1},
             {"phase":"prediction","action":"fail","code":1402,"contains":"way 2","rate":1},
             {"phase":"prediction","action":"fail","code":1403,"message":"device 3 ran out of memory","contains":"way 3","rate":0.5},
             {"phase":"prediction","action":"fail","code":1403,"message":"device 17 ran out of memory","contains":"way 3","rate":1},
             {"phase":"prediction","action":"fail","code":5003,"contains":"way 4","rate":1},
             {"phase":"prediction","action":"fail","code":1401,"contains":"way 5","rate":1}]
            """;

    /** How many of so many failing jobs fail in that way. */
    static int jobs(int way, int failing) {
        return (failing + MODELS.size() - 1 - way) / MODELS.size();
    }

    String failing(int i) {
        int way = i % MODELS.size();
        return request(MODELS.get(way), "way %d cue %d".formatted(way, i), way == 0 ? 11 : 10);
    }

    String fine(int i) {
        return request(MODELS.get(1 + i % 5), "cue " + i, 10);
    }

    /** Fails in the first way. */
    static String oneOfMany(int i) {
        return new SixWays("").request(MODELS.getFirst(), "many " + i, 11);
    }

    private String request(String model, String prompt, int duration) {
        String input =
                switch (model) {
                    case STABLE + "music" -> "\"prompt\":\"%s\",\"duration\":%d".formatted(prompt, duration);
                    case STEP -> "\"audio\":\"%s\",\"tags\":\"%s\"".formatted(clip, prompt);
                    default -> "\"audio\":\"%s\",\"prompt\":\"%s\"".formatted(clip, prompt);
                };
        return "{\"model\":\"%s\",\"max_attempts\":1,\"input\":{%s}}".formatted(model, input);
    }
}
