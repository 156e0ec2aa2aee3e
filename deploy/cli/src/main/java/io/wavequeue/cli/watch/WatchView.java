package io.wavequeue.cli.watch;

import com.fasterxml.jackson.databind.JsonNode;

/** Shows how something that is followed gets on. */
public interface WatchView extends AutoCloseable {

    /** How it is now. */
    void show(Watched now);

    /** A job of it that ended, or was archived. */
    void job(JsonNode job);

    /** Something that is not about one job. */
    void note(String text);

    /** Nothing follows. */
    @Override
    void close();
}
