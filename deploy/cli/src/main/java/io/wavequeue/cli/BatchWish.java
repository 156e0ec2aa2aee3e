package io.wavequeue.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.cli.client.Batch;
import io.wavequeue.cli.screen.Counted;
import java.util.ArrayList;
import java.util.List;

/** What is wished of a batch. */
enum BatchWish {
    PAUSE("pause", "Stop submitting a batch's jobs. What is under way is paid, and goes on."),
    RESUME("resume", "Let a paused batch go on."),
    CANCEL(
            "cancel",
            "End a batch for good, or jobs: by their ids, or all that a filter selects. What is under way is paid: it is followed to its end and kept.");

    private final String word;
    private final String description;

    BatchWish(String word, String description) {
        this.word = word;
        this.description = description;
    }

    String word() {
        return word;
    }

    String description() {
        return description;
    }

    /** The batch as it is after it, and what that means. */
    List<String> text(JsonNode json) {
        Batch now = Batch.of(json);
        List<String> lines = new ArrayList<>(BatchText.of(json));
        long underWay = now.underWay();
        String paid = Counted.of(underWay, "job") + " with the provider";
        lines.add("");
        lines.add(
                switch (this) {
                    case PAUSE ->
                        "Nothing more is submitted." + (underWay == 0 ? "" : " " + paid + ": paid, and going on.");
                    case RESUME -> "It goes on; follow it with: wavequeue watch " + now.id();
                    case CANCEL ->
                        underWay == 0
                                ? "Nothing more is made. What was made before is kept."
                                : "What waited is never made. " + paid
                                        + ", or perhaps: that cannot be undone. What is there is paid, followed to its end,"
                                        + " and its result kept.";
                });
        return lines;
    }
}
