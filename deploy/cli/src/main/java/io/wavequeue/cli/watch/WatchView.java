package io.wavequeue.cli.watch;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.cli.client.Batch;

/** Shows how a batch gets on. */
public interface WatchView extends AutoCloseable {

    /** The batch as it is now. */
    void show(Batch batch);

    /** A job of it that ended, or was archived. */
    void job(JsonNode job);

    /** Something that is not about one job. */
    void note(String text);

    /** Nothing follows. */
    @Override
    void close();
}
