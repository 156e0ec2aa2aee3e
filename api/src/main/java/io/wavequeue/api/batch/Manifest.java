package io.wavequeue.api.batch;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.UnaryOperator;

/** A file of requests in one of its forms. */
interface Manifest {
    /**
     * Reads the requests one after the other.
     *
     * @throws IOException when the file is no such file from some place on, and no line can be blamed for it
     */
    void read(InputStream body, Lines to) throws IOException;

    /** By which the file is known again, once it is read: its own SHA-256, unless its form has a better one. */
    default String sha256(String raw) {
        return raw;
    }

    /**
     * The name in this file of a field of a request's body.
     *
     * @param item number of the request in the file, from 0
     */
    default String named(int item, String field) {
        return field;
    }

    /**
     * Where a request stands.
     *
     * @param line on which it begins, from 1
     * @param naming from a field's name in a request's body to its name in this file
     */
    record Place(int line, UnaryOperator<String> naming) {
        static Place of(int line) {
            return new Place(line, UnaryOperator.identity());
        }
    }

    /** Takes what was read. */
    interface Lines {
        /**
         * A request in the form of the body of {@code POST /v1/jobs}.
         *
         * @param size about as many characters, for whoever keeps several in memory
         */
        void request(Place place, JsonNode request, long size) throws IOException;

        /** A line, or a field in it, that cannot be read. */
        void bad(int line, String field, String message) throws IOException;
    }
}
