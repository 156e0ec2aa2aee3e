package io.wavequeue.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** A page of a list, and where the next one begins; null = this was the last. */
public record Page(JsonNode items, @Nullable String next) {

    static Page of(ApiAnswer answer) {
        JsonNode json = answer.json();
        if (!json.path("items").isArray()) {
            throw new ApiUnreadableException("a list has no 'items'; is this Wavequeue's API?");
        }
        return new Page(json.path("items"), Json.text(json, "next_cursor"));
    }

    /** Reads a page. */
    @FunctionalInterface
    interface Reader {
        Page from(@Nullable String cursor) throws InterruptedException;
    }

    /** All items, a page at a time. An interrupt while one is read is thrown as {@link InterruptedReadException}. */
    static Iterable<JsonNode> all(Reader reader) {
        return () -> new Items(reader);
    }

    private static final class Items implements Iterator<JsonNode> {

        private final Reader reader;
        private final Queue<JsonNode> read = new ArrayDeque<>();
        private @Nullable String next;
        private boolean begun;

        Items(Reader reader) {
            this.reader = reader;
        }

        @Override
        public boolean hasNext() {
            while (read.isEmpty() && !(begun && next == null)) {
                try {
                    Page page = reader.from(next);
                    page.items().forEach(read::add);
                    next = page.next();
                    begun = true;
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new InterruptedReadException(e);
                }
            }
            return !read.isEmpty();
        }

        @Override
        public JsonNode next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return read.remove();
        }
    }
}
