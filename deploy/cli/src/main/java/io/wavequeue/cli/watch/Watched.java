package io.wavequeue.cli.watch;

import com.fasterxml.jackson.databind.JsonNode;

/** Something that is followed, as it was when it was looked at. */
public interface Watched {

    /** What it is called in an event for programs. */
    String kind();

    /** As the API gave it. */
    JsonNode json();

    /** Its jobs. */
    long total();

    /** Its jobs of which nothing more is expected. */
    long ended();

    /** Whether something may still happen. */
    boolean open();

    /** Whether nothing moves without a person, if it stays so. */
    boolean still();

    /** Its counts in a line. */
    String counts();

    /** What stands beside the line: what changes with every look. */
    String pace(Rate rate);

    /** What stands beside a bar, which shows the ended ones already. */
    String beside(Rate rate);
}
