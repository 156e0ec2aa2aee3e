package io.wavequeue.cli.demo;

import java.util.List;

/** What a check found. */
sealed interface Finding {

    /** All is as it should be; {@code text} says what was looked at. */
    record Good(String text) implements Finding {}

    /** Something is not; each fault is a sentence. */
    record Bad(String text, List<String> faults) implements Finding {

        public Bad {
            faults = List.copyOf(faults);
        }
    }
}
