package io.wavequeue.cli.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Copies a manifest of one form, line by line, filling in what is left out. */
interface Copier {

    /** What keeps a line from being copied is a fault. */
    void copy(InputStream from, OutputStream to) throws IOException;
}
