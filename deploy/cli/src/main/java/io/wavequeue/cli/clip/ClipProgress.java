package io.wavequeue.cli.clip;

/** Shows how far clips have come. */
public interface ClipProgress extends AutoCloseable {

    /** So many of them are with the API now, of which so many were sent. */
    void show(int done, int all, int sent);

    @Override
    void close();
}
