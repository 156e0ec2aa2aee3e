package io.wavequeue.admission;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;

/** Reads a JSON array element by element, as strictly as {@link StrictJson}: only one of them is in memory. */
public final class JsonElements {
    /** Each element may be as deep as a value that stands alone. */
    private static final int DEEPEST = StrictJson.DEEPEST + 1;

    private JsonElements() {}

    /** Takes the elements in their order. */
    public interface Taker {
        /**
         * One begins, whether it can be read or not.
         *
         * @param line from 1
         */
        void begin(int line);

        /** The one that began last was read. */
        void take(JsonNode element) throws IOException;
    }

    /**
     * Reads to the end, or to the first place that is not JSON, which is returned.
     *
     * @param text throws {@link CharacterCodingException} where it is no text
     * @throws IOException when the text cannot be read
     */
    public static Optional<JsonRead.Malformed> read(Reader text, Taker taker) throws IOException {
        try (JsonParser parser = new BoundedParser(StrictJson.MAPPER.createParser(text), DEEPEST)) {
            try {
                return read(parser, taker);
            } catch (JsonProcessingException e) {
                return Optional.of(StrictJson.malformed(e));
            } catch (CharacterCodingException e) {
                return malformed("from about here on it is not UTF-8", parser);
            }
        }
    }

    private static Optional<JsonRead.Malformed> read(JsonParser parser, Taker taker) throws IOException {
        if (parser.nextToken() != JsonToken.START_ARRAY) {
            return malformed("it must be a JSON array of requests", parser);
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            taker.begin(parser.currentTokenLocation().getLineNr());
            taker.take(StrictJson.MAPPER.readTree(parser));
        }
        return parser.nextToken() == null
                ? Optional.empty()
                : malformed("something follows after the end of the JSON value", parser);
    }

    private static Optional<JsonRead.Malformed> malformed(String reason, JsonParser parser) {
        return Optional.of(StrictJson.malformed(reason, parser.currentTokenLocation()));
    }
}
