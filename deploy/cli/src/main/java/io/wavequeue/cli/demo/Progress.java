package io.wavequeue.cli.demo;

import io.wavequeue.cli.client.Job;
import java.util.List;

/** Shows how a run gets on. */
interface Progress extends AutoCloseable {

    /** The jobs as they are now. */
    void show(List<Job> jobs);

    /** Something that is not about one cue. */
    void note(String text);

    /** Nothing follows; leaves the cursor at the start of an empty line. */
    @Override
    void close();
}
