package io.wavequeue.api.status;

import io.wavequeue.api.http.QueryReader;
import io.wavequeue.store.view.JobFilter;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.stream.Stream;

/** Which jobs {@code GET /v1/jobs} is to list, read from its query parameters. */
record Listing(JobFilter filter, int limit) {
    static final int USUAL_LIMIT = 50;
    static final int MOST = 1_000;

    private static final List<String> NAMES = Stream.concat(JobFilterReader.NAMES.stream(), PageReader.NAMES.stream())
            .toList();

    static Listing of(UriInfo uri) {
        QueryReader query = QueryReader.of(uri, NAMES);
        JobFilter filter =
                JobFilterReader.read(query).cursor(PageReader.cursor(query)).build();
        int limit = PageReader.limit(query, USUAL_LIMIT, MOST);
        query.finish();
        return new Listing(filter, limit);
    }
}
