package io.wavequeue.library;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.admission.CanonicalJson;

/**
 * By which a piece of work is known again: the same model, the same inputs (defaults filled in, so that what is left out and
 * what is spelled out are the same), the same source clip and the same take. A clip that was given to us is named by its
 * content; one at a URL by its URL, whatever lies there.
 */
public final class ContentKey {
    private ContentKey() {}

    /**
     * The key as SHA-256 in lower-case hex.
     *
     * @param effective the input with defaults, before a seed of ours is put into it
     * @param take from 1
     */
    public static String of(String model, ObjectNode effective, int take) {
        ObjectNode work = JsonNodeFactory.instance.objectNode();
        work.put("model", model).put("take", take).set("input", effective);
        return CanonicalJson.sha256(work);
    }
}
