package io.wavequeue.api.batch;

import io.wavequeue.store.view.StoredJob;
import java.io.IOException;
import java.io.Writer;
import java.util.List;

/** A file made of a batch's jobs, which come a page at a time in the order of their own file. */
interface ResultFile {
    /** What stands before all jobs. */
    void begin(Writer to) throws IOException;

    void add(List<StoredJob> jobs, Writer to) throws IOException;
}
