package io.wavequeue.cli.client;

import java.io.IOException;
import java.io.InputStream;

/** Takes a body while it comes. Called again, with the body from its start, when it broke off. */
@FunctionalInterface
public interface Download {

    /** Reads to the end. An {@link IOException} means that the body broke off; trouble of one's own is thrown as another. */
    void take(InputStream body) throws IOException;
}
