package io.wavequeue.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Something to measure, with one line of result. */
sealed interface Measure permits Scenario, Comparison {
    /** The word that calls it. */
    String name();

    /** What was asked for, into the result's line. */
    void describe(ObjectNode line);
}
