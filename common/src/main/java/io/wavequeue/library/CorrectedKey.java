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
     * The key; empty when the take's key cannot be told from its input, and its seed stays: it may be the line's or ours. Any
     * other corrected input is the line's own.
     *
     * @param key the take's
     * @param before the input with defaults, as it was submitted; as today's catalogue has them, so that the key may be another's
     * @param after the corrected one, likewise
     * @param take from 1
     */
    public static Optional<String> of(String key, String model, ObjectNode before, ObjectNode after, int take) {
        Optional<String> asItIs = Optional.of(ContentKey.of(model, after, take));
        JsonNode seed = before.path(Seed.FIELD);
        if (!seed.isInt() || ContentKey.of(model, before, take).equals(key)) {
            return asItIs;
        }
        boolean stays = after.path(Seed.FIELD).equals(seed);
        for (int asked : new int[] {ANY_SEED, seed.intValue() - take + 1}) {
            if (ContentKey.of(model, withSeed(before, asked), take).equals(key)) {
                return stays ? Optional.of(ContentKey.of(model, withSeed(after, asked), take)) : asItIs;
            }
        }
        return stays && seed.intValue() != ANY_SEED ? Optional.empty() : asItIs;
    }

    private static ObjectNode withSeed(ObjectNode input, int seed) {
        return input.deepCopy().put(Seed.FIELD, seed);
    }
}
