package io.wavequeue.local;

import java.nio.file.Path;

/** The Java that runs us also runs our children. */
final class Java {

    private Java() {}

    static String program() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
