package io.wavequeue.api.status;

import io.wavequeue.api.http.QueryReader;
import io.wavequeue.store.view.JobCursor;
import io.wavequeue.store.view.JobFilter;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which jobs {@code GET /v1/jobs} is to list, read from its query parameters. */
record Listing(JobFilter filter, int limit) {
    static final int USUAL_LIMIT = 50;
    static final int MOST = 1_000;

    private static final List<String> NAMES = Stream.concat(
                    JobFilterReader.NAMES.stream(), Stream.of("limit", "cursor"))
            .toList();
    private static final Pattern LIMIT = Pattern.compile("[1-9][0-9]{0,3}");

    static Listing of(UriInfo uri) {
        QueryReader query = QueryReader.of(uri, NAMES);
        JobFilter filter = JobFilterReader.read(query).cursor(cursor(query)).build();
        int limit = limit(query);
        query.finish();
        return new Listing(filter, limit);
    }

    private static int limit(QueryReader query) {
        Optional<String> given = query.one("limit");
        if (given.isEmpty()) {
            return USUAL_LIMIT;
        }
        int limit = LIMIT.matcher(given.get()).matches() ? Integer.parseInt(given.get()) : 0;
        if (limit < 1 || limit > MOST) {
            query.refuse("limit", JobFilterReader.shown(given.get()) + " is not an integer from 1 to " + MOST);
        }
        return limit;
    }

    private static @Nullable JobCursor cursor(QueryReader query) {
        Optional<String> given = query.one("cursor");
        Optional<JobCursor> cursor = given.flatMap(JobCursor::parse);
        if (given.isPresent() && cursor.isEmpty()) {
            query.refuse("cursor", "is not a next_cursor of this list");
        }
        return cursor.orElse(null);
    }
}
