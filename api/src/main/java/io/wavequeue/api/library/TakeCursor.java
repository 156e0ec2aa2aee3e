package io.wavequeue.api.library;

import io.wavequeue.api.http.QueryReader;
import io.wavequeue.store.TakeStore.Take;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Behind which take a page begins. */
record TakeCursor(String reference, int number) {
    private static final TakeCursor FIRST = new TakeCursor("", 0);

    static TakeCursor behind(Take take) {
        return new TakeCursor(take.reference(), take.number());
    }

    static TakeCursor of(QueryReader query) {
        Optional<String> given = query.one("cursor");
        Optional<TakeCursor> cursor = given.flatMap(TakeCursor::parse);
        if (given.isPresent() && cursor.isEmpty()) {
            query.refuse("cursor", "is not a next_cursor of this list");
        }
        return cursor.orElse(FIRST);
    }

    String text() {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((number + " " + reference).getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<TakeCursor> parse(String text) {
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split(" ", 2);
            return parts.length == 2
                    ? Optional.of(new TakeCursor(parts[1], Integer.parseInt(parts[0])))
                    : Optional.empty();
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }
}
