package io.wavequeue.api.batch;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.wavequeue.api.status.JobView;
import io.wavequeue.store.view.StoredJob;
import java.io.IOException;
import java.io.Writer;
import java.util.List;

/** A job of the REST contract on each line. */
final class ResultsJsonl implements ResultFile {
    private final ObjectMapper json;

    ResultsJsonl(ObjectMapper json) {
        this.json = json;
    }

    @Override
    public void begin(Writer to) {}

    @Override
    public void add(List<StoredJob> jobs, Writer to) throws IOException {
        for (StoredJob job : jobs) {
            to.write(line(job));
            to.write('\n');
        }
    }

    /** An input is kept as it was written: a line break that stands between its fields becomes a space. */
    private String line(StoredJob job) throws IOException {
        return json.writeValueAsString(JobView.of(job)).replace('\n', ' ').replace('\r', ' ');
    }
}
