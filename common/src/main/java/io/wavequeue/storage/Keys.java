package io.wavequeue.storage;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Which paths may be keys. */
final class Keys {
    private static final int LONGEST = 1_000;
    private static final int LONGEST_SEGMENT = 255;

    private Keys() {}

    /** Whether it stays below the folder, by its letters. */
    static boolean isSafe(String key) {
        return bytes(key) <= LONGEST
                && key.chars().noneMatch(c -> c == '\\' || Character.isISOControl(c))
                && Arrays.stream(key.split("/", -1)).allMatch(Keys::isSafeSegment);
    }

    private static boolean isSafeSegment(String segment) {
        return !segment.isEmpty() && !segment.equals(".") && !segment.equals("..") && bytes(segment) <= LONGEST_SEGMENT;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    static String checked(String key) throws StorageException {
        if (!isSafe(key)) {
            throw new StorageException("\"" + key + "\" is no path below the outputs");
        }
        return key;
    }
}
