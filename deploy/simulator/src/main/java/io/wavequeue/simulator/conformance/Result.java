package io.wavequeue.simulator.conformance;

/** What came of a check. */
sealed interface Result {

    /** As the documents say. */
    record Passed(String seen) implements Result {}

    record Failed(String expected, String seen) implements Result {}

    /** Nothing to pass or to fail: the documents are silent or disagree. */
    record Answered(String text) implements Result {}

    record Skipped(String why) implements Result {}

    default String word() {
        return switch (this) {
            case Passed passed -> "ok";
            case Failed failed -> "FAILED";
            case Answered answered -> "answer";
            case Skipped skipped -> "skipped";
        };
    }

    /** One line, whatever a server put into its answers. */
    default String text() {
        String text =
                switch (this) {
                    case Passed(String seen) -> seen;
                    case Failed(String expected, String seen) -> "expected " + expected + ", saw " + seen;
                    case Answered(String answer) -> answer;
                    case Skipped(String why) -> why;
                };
        return text.replaceAll("\\p{Cntrl}+", " ");
    }
}
