package io.wavequeue.api.costs;

import io.wavequeue.api.http.QueryReader;
import io.wavequeue.job.DifferenceKind;
import io.wavequeue.store.view.DifferenceCursor;
import jakarta.ws.rs.core.UriInfo;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which differences are to be listed, read from the query parameters. */
record DifferenceListing(
        @Nullable DifferenceKind kind,
        boolean includeResolved,
        @Nullable DifferenceCursor cursor,
        int limit) {
    static final int USUAL_LIMIT = 50;
    static final int MOST = 1_000;

    private static final Pattern LIMIT = Pattern.compile("[1-9][0-9]{0,3}");
    private static final String KINDS =
            Arrays.stream(DifferenceKind.values()).map(DifferenceKind::code).collect(Collectors.joining(", "));

    static DifferenceListing of(UriInfo uri) {
        QueryReader query = QueryReader.of(uri, "kind", "include_resolved", "limit", "cursor");
        DifferenceListing listing =
                new DifferenceListing(kind(query), includeResolved(query), cursor(query), limit(query));
        query.finish();
        return listing;
    }

    private static @Nullable DifferenceKind kind(QueryReader query) {
        Optional<String> given = query.one("kind");
        Optional<DifferenceKind> kind = given.flatMap(code -> Arrays.stream(DifferenceKind.values())
                .filter(one -> one.code().equals(code))
                .findFirst());
        if (given.isPresent() && kind.isEmpty()) {
            query.refuse("kind", "is not known; use one of " + KINDS);
        }
        return kind.orElse(null);
    }

    private static boolean includeResolved(QueryReader query) {
        String given = query.one("include_resolved").orElse("false");
        if (!given.equals("true") && !given.equals("false")) {
            query.refuse("include_resolved", "is neither true nor false");
        }
        return given.equals("true");
    }

    private static @Nullable DifferenceCursor cursor(QueryReader query) {
        Optional<String> given = query.one("cursor");
        Optional<DifferenceCursor> cursor = given.flatMap(DifferenceCursor::parse);
        if (given.isPresent() && cursor.isEmpty()) {
            query.refuse("cursor", "is not a next_cursor of this list");
        }
        return cursor.orElse(null);
    }

    private static int limit(QueryReader query) {
        Optional<String> given = query.one("limit");
        if (given.isEmpty()) {
            return USUAL_LIMIT;
        }
        int limit = LIMIT.matcher(given.get()).matches() ? Integer.parseInt(given.get()) : 0;
        if (limit < 1 || limit > MOST) {
            query.refuse("limit", "is not an integer from 1 to " + MOST);
        }
        return limit;
    }
}
