package io.wavequeue.admission;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Reads JSON that strangers wrote, strictly and at bounded cost: UTF-8 only, no key twice, nothing after the value, no
 * nest and no name without end, and no number that is short to write and huge to calculate with.
 */
public final class StrictJson {
    /** How deep objects and lists may be nested. */
    public static final int DEEPEST = 32;

    private static final Pattern ABOUT_SWITCHES =
            Pattern.compile(": enable `[^`]*` to allow|\\s*\\([^()]*\\[Source:[^]]*]\\)|\\s*\\([^()]*Feature[^()]*\\)");

    /** Names are not canonicalized, since a factory keeps what it canonicalized for all later readers; {@link BoundedParser} bounds the rest. */
    static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(2 * DEEPEST)
                            .maxNumberLength(Integer.MAX_VALUE)
                            .maxStringLength(Integer.MAX_VALUE)
                            .maxNameLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .disable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    private StrictJson() {}

    /** Reads one value. Never throws for what the bytes are. */
    public static JsonRead read(byte[] utf8) {
        CharBuffer text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8));
        } catch (CharacterCodingException e) {
            return notUtf8(utf8);
        }
        return read(text.array(), text.arrayOffset() + text.position(), text.remaining());
    }

    /** Writes a value that {@link #read} gave, its numbers as they were written. */
    public static String write(JsonNode json) {
        try {
            return MAPPER.writeValueAsString(json);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static JsonRead read(char[] text, int from, int length) {
        try (JsonParser parser = new BoundedParser(MAPPER.createParser(text, from, length), DEEPEST)) {
            JsonNode json = MAPPER.readTree(parser);
            if (json == null || json.isMissingNode()) {
                return new JsonRead.Malformed("there is nothing to read; it must be one JSON value", 1, 1);
            }
            if (parser.nextToken() != null) {
                return malformed("something follows after the end of the JSON value", parser.currentTokenLocation());
            }
            return new JsonRead.Value(json);
        } catch (JsonProcessingException e) {
            return malformed(e);
        } catch (IOException e) {
            throw new IllegalStateException("characters in memory cannot be read", e);
        }
    }

    static JsonRead.Malformed malformed(JsonProcessingException e) {
        String reason = e instanceof StreamConstraintsException
                ? "a name, text, number or nest is too large"
                : e.getOriginalMessage();
        return malformed(reason, e.getLocation());
    }

    static JsonRead.Malformed malformed(String reason, JsonLocation at) {
        return new JsonRead.Malformed(printable(reason), Math.max(1, at.getLineNr()), Math.max(1, at.getColumnNr()));
    }

    /** Finds the place by decoding all that is good before it. */
    private static JsonRead notUtf8(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer good = CharBuffer.allocate(bytes.length);
        StandardCharsets.UTF_8.newDecoder().decode(in, good, true);
        int line = 1;
        int column = 1;
        for (char c : good.flip().toString().toCharArray()) {
            column = c == '\n' ? 1 : column + 1;
            line += c == '\n' ? 1 : 0;
        }
        return new JsonRead.Malformed("byte %d is not UTF-8".formatted(in.position() + 1), line, column);
    }

    /** The parser quotes what it found, which may be anything, and names switches and sources that mean nothing to callers. */
    private static String printable(String reason) {
        StringBuilder text = new StringBuilder();
        ABOUT_SWITCHES.matcher(reason).replaceAll("").codePoints().limit(300).forEach(c -> {
            int type = Character.getType(c);
            if (type == Character.CONTROL || type == Character.SURROGATE || type == Character.FORMAT) {
                text.append("\\u%04x".formatted(c));
            } else {
                text.appendCodePoint(c);
            }
        });
        return text.toString();
    }
}
