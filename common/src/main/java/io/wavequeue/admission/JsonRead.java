package io.wavequeue.admission;

import com.fasterxml.jackson.databind.JsonNode;

/** What came of reading bytes as JSON. */
public sealed interface JsonRead {
    /** One JSON value and nothing else. Whole numbers are exact, others are decimals as they were written. */
    record Value(JsonNode json) implements JsonRead {}

    /**
     * Not JSON, or JSON that nobody writes in earnest.
     *
     * @param reason what is wrong, for the person who wrote it
     * @param line from 1
     * @param column from 1, in characters
     */
    record Malformed(String reason, int line, int column) implements JsonRead {
        /** The reason and the place in one sentence. */
        public String text() {
            return reason + " (line " + line + ", column " + column + ")";
        }
    }
}
