package io.wavequeue.api.status;

import io.wavequeue.api.http.QueryReader;
import io.wavequeue.store.view.JobCursor;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which page of a list is asked for. */
public final class PageReader {
    public static final List<String> NAMES = List.of("limit", "cursor");

    private static final Pattern LIMIT = Pattern.compile("[1-9][0-9]{0,3}");

    private PageReader() {}

    /** How many items, at least 1. */
    public static int limit(QueryReader query, int usual, int most) {
        Optional<String> given = query.one("limit");
        if (given.isEmpty()) {
            return usual;
        }
        int limit = LIMIT.matcher(given.get()).matches() ? Integer.parseInt(given.get()) : 0;
        if (limit < 1 || limit > most) {
            query.refuse("limit", JobFilterReader.shown(given.get()) + " is not an integer from 1 to " + most);
        }
        return limit;
    }

    /** After which item; null = from the first. */
    public static @Nullable JobCursor cursor(QueryReader query) {
        Optional<String> given = query.one("cursor");
        Optional<JobCursor> cursor = given.flatMap(JobCursor::parse);
        if (given.isPresent() && cursor.isEmpty()) {
            query.refuse("cursor", "is not a next_cursor of this list");
        }
        return cursor.orElse(null);
    }
}
