package io.wavequeue.library;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * The content key of a take whose input was corrected, as the line would have it that is corrected likewise.
 *
 * <p>A key is made before a seed of ours is put into the input. So whether the seed was the line's or ours is found out by
 * trying which of them gives the key that the take has.
 */
public final class CorrectedKey {
    private static final int ANY_SEED = -1;

    private CorrectedKey() {}

    /**
     * The key; empty when the take's key cannot be told from its input.
     *
     * @param key the take's
     * @param before the input with defaults, as it was submitted
     * @param after the corrected one, likewise
     * @param take from 1
     */
    public static Optional<String> of(String key, String model, ObjectNode before, ObjectNode after, int take) {
        if (ContentKey.of(model, before, take).equals(key)) {
            return Optional.of(ContentKey.of(model, after, take));
        }
        JsonNode seed = before.path(Seed.FIELD);
        if (!seed.isInt()) {
            return Optional.empty();
        }
        for (int asked : new int[] {ANY_SEED, seed.intValue() - take + 1}) {
            if (ContentKey.of(model, withSeed(before, asked), take).equals(key)) {
                boolean isOurs = after.path(Seed.FIELD).equals(seed);
                return Optional.of(ContentKey.of(model, isOurs ? withSeed(after, asked) : after, take));
            }
        }
        return Optional.empty();
    }

    private static ObjectNode withSeed(ObjectNode input, int seed) {
        return input.deepCopy().put(Seed.FIELD, seed);
    }
}
