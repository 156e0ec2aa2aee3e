package io.wavequeue.library;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.admission.JsonRead;
import io.wavequeue.admission.StrictJson;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Seeds of takes: chosen by us where the line names none, so that what came out can be made again. */
public final class Seed {
    /** The input's field, where a model has one. */
    public static final String FIELD = "seed";

    private Seed() {}

    /**
     * From 0 to 2,147,483,647: the same for the same key, and another one each time that it is made again.
     *
     * @param retakes how often it was made before
     */
    public static int of(String contentKey, int retakes) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((contentKey + ":" + retakes).getBytes(StandardCharsets.US_ASCII));
            return ByteBuffer.wrap(hash).getInt() & Integer.MAX_VALUE;
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The input, which was read before, with this seed. */
    public static String into(String input, int seed) {
        JsonNode json =
                switch (StrictJson.read(input.getBytes(StandardCharsets.UTF_8))) {
                    case JsonRead.Value(JsonNode value) -> value;
                    case JsonRead.Malformed malformed -> throw new IllegalArgumentException(malformed.reason());
                };
        return StrictJson.write(((ObjectNode) json).put(FIELD, seed));
    }
}
